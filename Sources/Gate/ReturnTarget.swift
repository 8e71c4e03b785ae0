internal import Encoding

/// Where a visitor goes after a success: a path of the same site, or an address at one of the listed hosts. A value exists only
/// if no browser and no web server can take it for anything else.
struct ReturnTarget: Sendable, Hashable {
  /// As it came, byte for byte; characters outside ASCII are escaped, as browsers do (RFC 3986, section 2.1).
  let text: String

  /// - Parameters:
  ///   - text: what a visitor or a web server sent; it may be hostile.
  ///   - hosts: the hosts that it may name, in lowercase, with their ports.
  ///   - isSecure: whether the visitor came over HTTPS; then nothing leads back to plain HTTP.
  ///   - longest: the most bytes that it may have, after escaping.
  init?(_ text: String, hosts: Set<String> = [], isSecure: Bool = true, longest: Int) {
    let escaped = Self.escaped(text)
    guard !escaped.isEmpty, escaped.utf8.count <= longest, escaped.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    guard let path = Self.path(in: escaped, hosts, isSecure), Self.isPlain(path) else { return nil }
    self.text = escaped
  }

  /// The path of a target, with its query and fragment; nil for a host that is not listed.
  private static func path(in target: String, _ hosts: Set<String>, _ isSecure: Bool) -> Substring? {
    if target.hasPrefix("/") { return target[...] }
    guard let scheme = (isSecure ? ["https://"] : ["https://", "http://"]).first(where: target.hasPrefix) else {
      return nil
    }
    let rest = target.dropFirst(scheme.count)
    // Browsers end the host at a backslash; others take it for a part of the host.
    let host = rest.prefix { !"/?#\\".contains($0) }
    guard hosts.contains(String(host)) else { return nil }
    let path = rest.dropFirst(host.count)
    return path.isEmpty || path.first == "/" ? path : nil
  }

  /// Whether a path remains a path however it is read. Even with its escapes decoded twice, with backslashes read as slashes,
  /// and with its dot segments removed, it does not begin with two slashes (which would name another host, RFC 3986, section
  /// 4.2), and it hides no control character.
  private static func isPlain(_ target: Substring) -> Bool {
    var path = Array(target.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
    // Checked before decoding as well: some decode later than they look.
    for _ in 0..<3 {
      guard !path.contains(where: { $0 < 0x20 || $0 == 0x7F }), !beginsLikeHost(path) else { return false }
      path = unescaped(path)
    }
    return true
  }

  private static func beginsLikeHost(_ path: [UInt8]) -> Bool {
    let path = withoutLookalikes(path).map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
    let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
    // An empty first segment with something after it.
    return [Array(segments), resolved(segments)].contains { $0.count > 1 && $0[0].isEmpty }
  }

  /// With its dot segments removed (RFC 3986, section 5.2.4).
  private static func resolved(_ segments: ArraySlice<ArraySlice<UInt8>>) -> [ArraySlice<UInt8>] {
    var kept: [ArraySlice<UInt8>] = []
    for segment in segments {
      if segment.elementsEqual("..".utf8) {
        _ = kept.popLast()
      } else if !segment.elementsEqual(".".utf8) {
        kept.append(segment)
      }
    }
    return kept
  }

  /// With a slash, a backslash or a dot for each character that Unicode's compatibility forms map to one (UAX #15), or that
  /// looks like one.
  private static func withoutLookalikes(_ path: [UInt8]) -> [UInt8] {
    guard path.contains(where: { $0 >= 0x80 }) else { return path }
    return String(decoding: path, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar {
      case "\u{2044}", "\u{2215}", "\u{29F8}", "\u{FF0F}", "\u{2571}", "\u{27CB}": [UInt8(ascii: "/")]
      case "\u{FF3C}", "\u{FE68}", "\u{2216}", "\u{29F5}", "\u{29F9}", "\u{2572}", "\u{27CD}", "\u{20E5}":
        [UInt8(ascii: "\\")]
      case "\u{FF0E}", "\u{2024}", "\u{3002}", "\u{FF61}", "\u{FE52}": [UInt8(ascii: ".")]
      default: Array(String(scalar).utf8)
      }
    }
  }

  /// Percent-decoded once; a "%" that begins no escape stays, as in browsers.
  private static func unescaped(_ path: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = path[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2, let high = digits.first?.hexadecimalValue,
        let low = digits.last?.hexadecimalValue
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    return String(decoding: text.utf8.flatMap { $0 >= 0x80 ? PercentEncoding.encode($0) : [$0] }, as: UTF8.self)
  }
}
