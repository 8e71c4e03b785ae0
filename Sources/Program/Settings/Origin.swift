internal import Encoding

/// The origin of a page: scheme, host, and port (RFC 6454), as in browsers' `Origin` header.
struct Origin: Sendable, Hashable {
  /// In lowercase and without the scheme's default port; otherwise it would never match a header, and nobody would notice.
  let text: String

  /// - Returns: nil for anything that no browser sends: a path, a user, a wildcard, a host that is neither a name nor an address.
  init?(_ text: String) {
    let lower = text.lowercased()
    guard let scheme = ["https", "http"].first(where: { lower.hasPrefix($0 + "://") }) else { return nil }
    let authority = lower.dropFirst(scheme.count + "://".count)
    guard let host = Self.host(of: authority) else { return nil }
    var rest = authority.dropFirst(host.count)
    if rest.popFirst() != nil {
      guard !rest.isEmpty, rest.utf8.areDigits, let port = UInt16(rest), port > 0 else { return nil }
      self.text = "\(scheme)://\(host)" + (port == (scheme == "https" ? 443 : 80) ? "" : ":\(port)")
    } else {
      self.text = "\(scheme)://\(host)"
    }
  }

  /// The part before the port, if it is a host and is followed by a colon or by nothing.
  private static func host(of authority: Substring) -> Substring? {
    let host: Substring
    if authority.first == "[" {
      host = authority.prefix { $0 != "]" }
      let address = host.dropFirst()
      guard !address.isEmpty,
        address.utf8.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E })
      else { return nil }
      let whole = authority.prefix(host.count + 1)
      guard whole.last == "]" else { return nil }
      return isEnd(authority.dropFirst(whole.count)) ? whole : nil
    }
    host = authority.prefix { $0 != ":" }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    // In ASCII, as browsers send it ("xn--mller-kva.example").
    let isName = labels.allSatisfy { label in
      !label.isEmpty
        && label.utf8.allSatisfy {
          $0.isDigit || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
    return isName && isEnd(authority.dropFirst(host.count)) ? host : nil
  }

  private static func isEnd(_ rest: Substring) -> Bool { rest.isEmpty || rest.first == ":" }

}
