extension ClientAddress {
  /// Who sent a request: the peer of the web server (`REMOTE_ADDR`), or whom a proxy in front of it names.
  ///
  /// `X-Forwarded-For` is read from its end, which the nearest proxy wrote, and only for as long as whoever wrote the
  /// entry is in `proxies`: what stands before that is the visitor's own text. An entry may carry a port
  /// ("192.0.2.1:4711", "[2001:db8::1]:4711"). Where an entry cannot be read, the peer counts.
  ///
  /// - Returns: nil when the web server said nothing that is an address, as on a Unix socket.
  public static func of(_ request: Request, behind proxies: [AddressRange]) -> ClientAddress? {
    guard let peer = request.parameters["REMOTE_ADDR"].flatMap({ ClientAddress($0) }) else { return nil }
    guard proxies.contains(where: { $0.contains(peer) }) else { return peer }
    var address = peer
    // Repeated header lines are one list, in order (RFC 9110, section 5.3).
    var hops = request.parameters.values(of: "HTTP_X_FORWARDED_FOR").flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    while proxies.contains(where: { $0.contains(address) }), let hop = hops.popLast() {
      guard let next = ClientAddress(hop: hop) else { return peer }
      address = next
    }
    return address
  }

  private init?(hop: Substring) {
    var text = hop[...]
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]"), Self.isPort(text[text.index(after: end)...]) else { return nil }
      text = text[text.index(after: text.startIndex)..<end]
    } else if let colon = text.firstIndex(of: ":"), text.contains("."), text.lastIndex(of: ":") == colon {
      guard Self.isPort(text[colon...]) else { return nil }
      text = text[..<colon]
    }
    self.init(String(text))
  }

  /// Whether the text is nothing, or a colon and digits.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || text.first == ":" && UInt16(text.dropFirst()) != nil
  }
}
