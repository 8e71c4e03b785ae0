internal import CCurl

/// A URL taken apart by libcurl's own parser, so that what was checked is what is asked.
struct URLParts {
  let text: String
  let scheme: String
  /// In lower case as far as libcurl lowers it; IPv4 addresses in dotted form, IPv6 addresses in brackets.
  let host: String
  let hasCredentials: Bool
  let hasQueryOrFragment: Bool

  static let longest = 2_000

  /// - Parameter flags: `CURLU_…` (curl/urlapi.h).
  /// - Returns: nil when libcurl does not take it for a URL with a scheme and a host.
  init?(_ text: String, flags: Int32 = 0) {
    guard text.utf8.count <= Self.longest, !text.utf8.contains(0), let handle = unsafe curl_url() else { return nil }
    defer { unsafe curl_url_cleanup(handle) }
    guard unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(flags)) == CURLUE_OK,
      let whole = unsafe Self.part(CURLUPART_URL, of: handle),
      let scheme = unsafe Self.part(CURLUPART_SCHEME, of: handle),
      let host = unsafe Self.part(CURLUPART_HOST, of: handle)
    else { return nil }
    self.text = whole
    self.scheme = scheme.lowercased()
    self.host = host.lowercased()
    hasCredentials =
      unsafe Self.part(CURLUPART_USER, of: handle) != nil
      || Self.part(CURLUPART_PASSWORD, of: handle) != nil
    hasQueryOrFragment =
      unsafe Self.part(CURLUPART_QUERY, of: handle) != nil
      || Self.part(CURLUPART_FRAGMENT, of: handle) != nil
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }
}
