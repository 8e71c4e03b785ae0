internal import Gateway
internal import HTTPTypes

/// The address of a page that a browser may ask for again: "verify?" and the sealed view (`PageView`).
enum PageAddress {
  /// The address to which a browser is sent (RFC 9110, section 15.4.4): beside the form's own, below any mount.
  static func relative(_ view: String) -> String { "verify?" + view }

  /// The sealed view that a request asks for; nil when its query cannot be one.
  ///
  /// What others hang on to an address behind an ampersand is not ours to complain of.
  static func view(in request: Request) -> String? {
    let query = request.parameters["QUERY_STRING"] ?? request.parameters["REQUEST_URI"].flatMap(query)
    guard let view = query?.prefix(while: { $0 != "&" }), !view.isEmpty, view.utf8.allSatisfy(isOfBase64URL)
    else { return nil }
    return String(view)
  }

  /// Whether an answer to this form is best sent as an address: its sender is a browser that is on its way to a page,
  /// and would send the form again to show that page again. Programs, which do not go back, get the page at once.
  ///
  /// Not where the web server keeps the query of an address to itself: the page could not be asked for.
  static func isWanted(by request: Request) -> Bool {
    let isNavigation = request.header(.secFetchMode) == "navigate"
    guard isNavigation || request.acceptsHTML else { return false }
    // An empty query counts: the server told of it.
    return ["QUERY_STRING", "REQUEST_URI"].contains { !request.parameters.values(of: $0).isEmpty }
  }

  private static func query(of uri: String) -> String? {
    uri.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(uri[uri.index(after: $0)...]) }
  }

  private static func isOfBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
