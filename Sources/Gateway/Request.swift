public import HTTPTypes

/// One request as the web server handed it over, over FastCGI or CGI: a value that outlives its connection.
///
/// All of it is hostile text, the parameters from `SCRIPT_NAME` to every `HTTP_…` included.
public struct Request: Sendable {
  /// What the web server wants of the program.
  public enum Role: Sendable {
    /// Answers the request itself.
    case responder
    /// Says whether the web server may answer it (FastCGI specification, section 6.3); such a request has no body.
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

  /// A request made by hand: a test's.
  public init(
    role: Role = .responder, method: HTTPRequest.Method, parameters: Parameters, body: Body = .bytes([])
  ) {
    self.role = role
    self.method = method
    self.parameters = parameters
    self.body = body
  }

  /// A request made of what the web server sent. A missing or ill-formed `REQUEST_METHOD` gives a method that no
  /// route knows.
  public init(role: Role = .responder, parameters: Parameters, body: Body) {
    let method = parameters["REQUEST_METHOD"].flatMap { HTTPRequest.Method($0) }
    self.init(role: role, method: method ?? Self.noMethod, parameters: parameters, body: body)
  }

  static let noMethod = HTTPRequest.Method("NONE") ?? .trace

  /// The path below the program, as CGI splits it: `PATH_INFO` when the server set one, and else the whole of
  /// `SCRIPT_NAME`, or of `DOCUMENT_URI` where that alone was passed on. Decoded by the web server.
  public var path: String {
    parameters["PATH_INFO"] ?? parameters["SCRIPT_NAME"] ?? parameters["DOCUMENT_URI"] ?? ""
  }

  /// The only value of a header that may come once, or nil when it is absent, empty or repeated with other values: a
  /// visitor can repeat a header. The type of the body comes as a parameter of the web server's own, whose last one counts.
  ///
  /// - Parameter name: a standard field name; `HTTP_` and underscores are put in as CGI does.
  public func header(_ name: HTTPField.Name) -> String? {
    if name == .contentType { return parameters[Self.parameter(carrying: name)] }
    var only: String?
    for value in parameters.values(of: Self.parameter(carrying: name)) where !value.isEmpty {
      if let only, only != value { return nil }
      only = value
    }
    return only
  }

  /// Whether the header was sent at all, however often.
  public func hasHeader(_ name: HTTPField.Name) -> Bool {
    parameters.values(of: Self.parameter(carrying: name)).contains { !$0.isEmpty }
  }

  /// Host and port that the visitor asked for, as far as the web server says it: `HTTP_HOST`, and without one (HTTP/3,
  /// HTTP/1.0) `SERVER_NAME` with `SERVER_PORT`.
  ///
  /// A second `HTTP_HOST` is the site owner's, and the one that counts: no web server passes on a request with two `Host`
  /// headers (RFC 9112, section 3.2, has them refuse it).
  public var host: String? {
    if let host = parameters["HTTP_HOST"] { return host }
    guard let name = parameters["SERVER_NAME"] else { return nil }
    let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
    return serverPort.map { "\(host):\($0)" } ?? host
  }

  /// The port at which the web server took the request (RFC 3875, section 4.1.15).
  public var serverPort: UInt16? {
    parameters["SERVER_PORT"].flatMap { UInt16($0) }
  }

  /// The parameter that a header comes as (RFC 3875, section 4.1.18).
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
