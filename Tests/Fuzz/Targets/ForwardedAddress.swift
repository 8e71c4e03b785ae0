internal import Gateway

extension FuzzTarget {
  /// `REMOTE_ADDR` and a line for each `X-Forwarded-For`: only a proxy that is trusted changes who a visitor is, and what is
  /// read is an address.
  static let forwardedAddress = FuzzTarget(name: "forwarded-address") { input in
    let lines = input.lines
    func reading(_ forwarded: [String], behind proxies: [TrustedProxy]) -> ClientAddress.Reading {
      let parameters =
        [(name: "REMOTE_ADDR", value: lines[0])] + forwarded.map { (name: "HTTP_X_FORWARDED_FOR", value: $0) }
      return ClientAddress.read(from: Request(parameters: Parameters(parameters), body: .bytes([])), behind: proxies)
    }
    let forwarded = Array(lines.dropFirst())
    let peer = reading([], behind: []).address
    let found = reading(forwarded, behind: trusted).address
    try require(reading(forwarded, behind: []).address == peer, "a header is believed that nobody trusts")
    let isProxy = peer.map { peer in trusted.contains { $0.isOf(peer) } } ?? true
    if !isProxy { try require(found == peer, "a visitor names another address") }
    for address in [peer, found].compactMap(\.self) {
      try require(ClientAddress("\(address)") == address, "\(address) is read as another one")
      try require(!address.host.isEmpty && !address.net.isEmpty, "\(address) is of no net")
      let range = try require(AddressRange("\(address)"), "\(address) is no range")
      try require(range.contains(address), "\(address) is not in itself")
    }
    if let range = AddressRange(lines[0]), let address = ClientAddress(String(lines[0].prefix { $0 != "/" })) {
      try require(range.contains(address), "\(lines[0]) does not contain its first address")
    }
  }

  private static let trusted = ["10.0.0.0/8", "2001:db8::/32", "unix:"].compactMap { TrustedProxy($0) }
}

extension TrustedProxy {
  fileprivate func isOf(_ address: ClientAddress) -> Bool {
    if case .range(let range) = self { range.contains(address) } else { false }
  }
}
