public import HTTPTypes

/// One request as the web server passed it on, over FastCGI or CGI: a value that outlives its connection.
///
/// All of it is hostile text, including the parameters from `SCRIPT_NAME` to every `HTTP_…`.
public struct Request: Sendable {
  /// What the web server wants from the program.
  public enum Role: Sendable {
    /// Answers the request itself.
    case responder
    /// Decides whether the web server may answer it (FastCGI specification, section 6.3); such a request has no body.
    case authorizer
  }

  /// What is wanted.
  public var role: Role
  /// `REQUEST_METHOD`.
  public var method: HTTPRequest.Method
  /// All CGI parameters.
  public var parameters: Parameters
  /// The body, or why there is none.
  public var body: Body

  /// Creates a request from its parts, for tests.
  public init(
    role: Role = .responder, method: HTTPRequest.Method, parameters: Parameters, body: Body = .bytes([])
  ) {
    self.role = role
    self.method = method
    self.parameters = parameters
    self.body = body
  }

  /// Creates a request from what the web server sent. A missing or malformed `REQUEST_METHOD` yields a method that no
  /// route accepts.
  public init(role: Role = .responder, parameters: Parameters, body: Body) {
    let method = parameters["REQUEST_METHOD"].flatMap { HTTPRequest.Method($0) }
    self.init(role: role, method: method ?? Self.noMethod, parameters: parameters, body: body)
  }

  static let noMethod = HTTPRequest.Method("NONE") ?? .trace

  /// The path below the program, as CGI splits it: `PATH_INFO` if the server set it; otherwise all of `SCRIPT_NAME`, or of
  /// `DOCUMENT_URI` if only that was passed on. The web server has decoded it.
  public var path: String {
    parameters["PATH_INFO"] ?? parameters["SCRIPT_NAME"] ?? parameters["DOCUMENT_URI"] ?? ""
  }

  /// The only value of a header that may occur once; nil if it is absent, empty, or repeated with different values: a
  /// client can repeat a header. The content type is one of the web server's own parameters, of which the last one
  /// counts.
  ///
  /// - Parameter name: a standard field name, without CGI's `HTTP_` and underscores.
  public func header(_ name: HTTPField.Name) -> String? {
    if name == .contentType { return parameters[Self.parameter(carrying: name)] }
    var only: String?
    for value in parameters.values(of: Self.parameter(carrying: name)) where !value.isEmpty {
      if let only, only != value { return nil }
      only = value
    }
    return only
  }

  /// Whether the header was sent at all, any number of times.
  public func hasHeader(_ name: HTTPField.Name) -> Bool {
    parameters.values(of: Self.parameter(carrying: name)).contains { !$0.isEmpty }
  }

  /// The host and port that the client requested, according to the web server: `HTTP_HOST`, or without one (HTTP/3,
  /// HTTP/1.0) `SERVER_NAME` with `SERVER_PORT`.
  ///
  /// A second `HTTP_HOST` comes from the owner's configuration, and is the one that counts: web servers refuse a
  /// request with two `Host` headers (RFC 9112, section 3.2).
  public var host: String? {
    if let host = parameters["HTTP_HOST"] { return host }
    guard let name = parameters["SERVER_NAME"] else { return nil }
    let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
    return serverPort.map { "\(host):\($0)" } ?? host
  }

  /// The port on which the web server received the request (RFC 3875, section 4.1.15).
  public var serverPort: UInt16? {
    parameters["SERVER_PORT"].flatMap { UInt16($0) }
  }

  /// The parameter for a header (RFC 3875, section 4.1.18).
  private static func parameter(carrying name: HTTPField.Name) -> String {
    switch name {
    case .contentType: return "CONTENT_TYPE"
    case .contentLength: return "CONTENT_LENGTH"
    default: break
    }
    let header = name.canonicalName.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "_")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
      default: byte
      }
    }
    return "HTTP_" + String(decoding: header, as: UTF8.self)
  }
}
