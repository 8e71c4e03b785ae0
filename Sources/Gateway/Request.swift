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
    for value in parameters.values(of: Self.parameter(carrying: name)) where !value.isEmpty {
      if let only, only != value { return nil }
      only = value
    }
    return only
  }

  /// Whether the header was sent at all, however often.
  public func hasHeader(_ name: HTTPField.Name) -> Bool {
    parameters[Self.parameter(carrying: name)] != nil
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
