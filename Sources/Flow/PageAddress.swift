internal import Encoding
internal import Gateway
internal import HTTPTypes

/// The URL at which a browser can ask for a page again: "verify?" and the sealed view (`PageView`).
enum PageAddress {
  /// The URL that a browser is redirected to (RFC 9110, section 15.4.4): next to the form's own, wherever PinGate is
  /// mounted.
  static func relative(_ view: String) -> String { "verify?" + view }

  /// The sealed view that a request asks for; nil if its query cannot be one.
  ///
  /// Whatever others append to a URL after an ampersand is ignored.
  static func view(in request: Request) -> String? {
    let query = request.parameters["QUERY_STRING"] ?? request.parameters["REQUEST_URI"].flatMap(query)
    guard let view = query?.prefix(while: { $0 != "&" }), !view.isEmpty, view.utf8.allSatisfy(isOfBase64URL)
    else { return nil }
    return String(view)
  }

  /// Whether the response to this form should be a redirect to the page's URL, because its sender is a browser
  /// navigating to a page, which would have to send the form again to show the page again. Programs, which do not go
  /// back, get the page at once.
  ///
  /// False if the web server does not pass queries on: then nobody could ask for the page.
  static func isWanted(by request: Request) -> Bool {
    let isNavigation = request.header(.secFetchMode) == "navigate"
    guard isNavigation || request.acceptsHTML else { return false }
    // An empty query counts: the server passed it on.
    return ["QUERY_STRING", "REQUEST_URI"].contains { !request.parameters.values(of: $0).isEmpty }
  }

  private static func query(of uri: String) -> String? {
    uri.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(uri[uri.index(after: $0)...]) }
  }

  private static func isOfBase64URL(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
