internal import CCurl
internal import Glibc
internal import HostNames

/// A URL as parsed by libcurl, so that what was checked is what is requested.
struct URLParts {
  let text: String
  let scheme: String
  /// In lower case, and in Punycode (RFC 3492) as looked up in the DNS; IPv4 addresses in dotted form, IPv6 addresses
  /// in brackets.
  let host: String
  /// Nil if the URL does not specify one.
  let port: UInt16?
  let hasCredentials: Bool
  let hasQueryOrFragment: Bool

  static let longest = 2_000

  /// - Parameter flags: `CURLU_…` (curl/urlapi.h).
  /// - Returns: nil if libcurl does not accept it as a URL with a scheme and a host.
  init?(_ text: String, flags: Int32 = 0) {
    guard text.utf8.count <= Self.longest, !text.utf8.contains(0), let handle = unsafe curl_url() else { return nil }
    defer { unsafe curl_url_cleanup(handle) }
    guard unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(flags)) == CURLUE_OK,
      let whole = unsafe Self.part(CURLUPART_URL, of: handle),
      let scheme = unsafe Self.part(CURLUPART_SCHEME, of: handle),
      let host = unsafe Self.part(CURLUPART_HOST, of: handle, flags: UInt32(CURLU_PUNYCODE))
    else { return nil }
    self.text = whole
    self.scheme = scheme.lowercased()
    self.host = host.lowercased()
    port = unsafe Self.part(CURLUPART_PORT, of: handle).flatMap(UInt16.init)
    hasCredentials =
      unsafe Self.part(CURLUPART_USER, of: handle) != nil
      || Self.part(CURLUPART_PASSWORD, of: handle) != nil
    hasQueryOrFragment =
      unsafe Self.part(CURLUPART_QUERY, of: handle) != nil
      || Self.part(CURLUPART_FRAGMENT, of: handle) != nil
  }

  /// The host that libcurl would resolve. Nil if it would not, because it is an address or this machine (RFC 6761,
  /// section 6.3).
  func hostToLookUp(defaultPort: UInt16) -> Host? {
    var address = in_addr()
    guard !host.hasPrefix("["), host != "localhost", !host.hasSuffix(".localhost"),
      unsafe inet_pton(AF_INET, host, &address) != 1
    else { return nil }
    return Host(name: host, port: port ?? defaultPort)
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text = unsafe text else { return nil }
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }
}
