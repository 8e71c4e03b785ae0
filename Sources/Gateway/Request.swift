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

  /// The path below the place where PinGate is mounted, as CGI splits it: `PATH_INFO` when the server set one, and
  /// else the whole of `SCRIPT_NAME`. Decoded by the web server.
  public var path: String {
    parameters["PATH_INFO"] ?? parameters["SCRIPT_NAME"] ?? ""
  }

  /// The only value of a header that may come once, or nil when it is absent, empty or repeated with other values.
  ///
  /// - Parameter name: a standard field name; `HTTP_` and underscores are put in as CGI does.
  public func header(_ name: HTTPField.Name) -> String? {
    var only: String?
    for (parameter, value) in parameters.all where !value.isEmpty && Self.carries(parameter, name) {
      if let only, only != value { return nil }
      only = value
    }
    return only
  }

  /// Whether the header was sent at all, however often.
  public func hasHeader(_ name: HTTPField.Name) -> Bool {
    parameters.all.contains { !$0.value.isEmpty && Self.carries($0.name, name) }
  }

  /// Whether a parameter of that name is the header's (RFC 3875, section 4.1.18). Compared byte by byte: this is asked
  /// for each parameter of each request, several times.
  private static func carries(_ parameter: String, _ name: HTTPField.Name) -> Bool {
    switch name {
    case .contentType: return parameter == "CONTENT_TYPE"
    case .contentLength: return parameter == "CONTENT_LENGTH"
    default: break
    }
    let header = name.canonicalName.utf8
    guard parameter.utf8.count == header.count + 5, parameter.utf8.starts(with: "HTTP_".utf8) else { return false }
    return zip(parameter.utf8.dropFirst(5), header).allSatisfy { parameter, header in
      switch header {
      case UInt8(ascii: "-"): parameter == UInt8(ascii: "_")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): parameter == header - 0x20
      default: parameter == header
      }
    }
  }
}
