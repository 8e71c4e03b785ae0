internal import HTTPTypes

/// What a web server can want to know of a request, beside a page: whether it may pass.
///
/// It asks by its role (FastCGI specification, section 6.3) or by a parameter that its owner has set. No client can set
/// either: what clients send has names that begin with `HTTP_`.
public enum Question: Sendable, Hashable {
  /// For a status alone: 204, 401 or 403.
  case check
  /// For 200, or the answer that the visitor gets.
  case authorizer(Identity)
  /// For the answer to a visitor who may not pass.
  case enter
  /// For a local redirect to what was asked for (RFC 3875, section 6.2.2), or the answer that the visitor gets.
  case localRedirect

  /// The parameters that an owner can set to say what is asked and how: what a CGI program has in its environment beside
  /// those of RFC 3875.
  public static let parameters: Set = [
    "PINGATE_ROLE", "PINGATE_RETURN", "PINGATE_METHOD", "PINGATE_PURPOSE", "PINGATE_MAX_AGE",
  ]

  /// How an authorizer says whose request it is.
  public enum Identity: Sendable, Hashable {
    /// In fields `Variable-…`, which the web server makes parameters of.
    case variables
    /// In fields `X-PinGate-…`.
    case headers
  }
}

extension Request {
  /// What is asked by role or parameter; nil for a page, or where only the path says it.
  public var question: Question? {
    if let role = parameters["PINGATE_ROLE"] {
      switch role {
      case "check": return .check
      case "authorizer": return .authorizer(.headers)
      case "enter": return .enter
      case "gate": return .localRedirect
      // Unknown: to be answered like one that may not pass, and never like a page.
      default: return .check
      }
    }
    // Apache's modules say it in parameters, too, and mod_fcgid of a program that is a responder elsewhere.
    let isAuthorizer =
      role == .authorizer || parameters["FCGI_ROLE"] == "AUTHORIZER" || parameters["FCGI_APACHE_ROLE"] != nil
    return isAuthorizer ? .authorizer(.variables) : nil
  }

  /// Whether somebody is on the way to a page with it, and can be shown another one: a browser says so (Fetch Metadata,
  /// W3C), or asks for HTML and not by script.
  public var isNavigation: Bool {
    guard method == .get || method == .head || method == .post else { return false }
    if let mode = parameters["HTTP_SEC_FETCH_MODE"] { return mode == "navigate" }
    return acceptsHTML && parameters["HTTP_X_REQUESTED_WITH"] == nil
  }
}
