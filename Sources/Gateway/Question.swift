internal import HTTPTypes

/// What a web server can ask instead of requesting a page: whether a request may pass.
///
/// It asks through its role (FastCGI specification, section 6.3) or a parameter that the owner has set. No client can
/// set either: the names of what clients send begin with `HTTP_`.
public enum Question: Sendable, Hashable {
  /// Asks for a bare status: 204, 401, or 403.
  case check
  /// Asks for 200, or for the response that the visitor gets instead.
  case authorizer(Identity)
  /// Asks for the response to a visitor who may not pass.
  case enter
  /// Asks for a local redirect to what the visitor requested (RFC 3875, section 6.2.2), or for the response that the
  /// visitor gets instead.
  case localRedirect

  /// The parameters with which an owner says what is asked and how; a CGI program has them in its environment, in
  /// addition to those of RFC 3875.
  public static let parameters: Set = [
    "PINGATE_ROLE", "PINGATE_RETURN", "PINGATE_METHOD", "PINGATE_PURPOSE", "PINGATE_MAX_AGE",
  ]

  /// How an authorizer's response identifies the visitor.
  public enum Identity: Sendable, Hashable {
    /// In fields `Variable-…`, which the web server turns into parameters.
    case variables
    /// In fields `X-PinGate-…`.
    case headers
  }
}

extension Request {
  /// What is asked through role or parameter; nil for a page, or if only the path says it.
  public var question: Question? {
    if let role = parameters["PINGATE_ROLE"] {
      switch role {
      case "check": return .check
      case "authorizer": return .authorizer(.headers)
      case "enter": return .enter
      case "gate": return .localRedirect
      // An unknown role is answered like a request that may not pass, never with a page.
      default: return .check
      }
    }
    // Apache's modules also say it in parameters; mod_fcgid does for a program that is a responder elsewhere.
    let isAuthorizer =
      role == .authorizer || parameters["FCGI_ROLE"] == "AUTHORIZER" || parameters["FCGI_APACHE_ROLE"] != nil
    return isAuthorizer ? .authorizer(.variables) : nil
  }

  /// Whether somebody is navigating to a page, and can be shown a different one: the browser says so (Fetch Metadata,
  /// W3C), or the request asks for HTML and does not come from a script.
  public var isNavigation: Bool {
    guard method == .get || method == .head || method == .post else { return false }
    if let mode = parameters["HTTP_SEC_FETCH_MODE"] { return mode == "navigate" }
    return acceptsHTML && parameters["HTTP_X_REQUESTED_WITH"] == nil
  }
}
