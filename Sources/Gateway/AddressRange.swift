internal import Encoding

/// The addresses that share a beginning: "10.0.0.0/8", "2001:db8::/32", or one alone.
public struct AddressRange: Hashable, Sendable {
  private let first: [UInt8]
  private let length: Int

  /// Reads an address, or an address and the length of the prefix that counts (RFC 4632, RFC 4291); bits behind it do
  /// not matter.
  ///
  /// - Returns: nil when the text is anything else, or a range of everybody (`/0`): nothing may be trusted that far.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ ClientAddress(String($0)) }) else { return nil }
    let bits = 8 * address.bytes.count
    guard parts.count > 1 else {
      (first, length) = (address.bytes, bits)
      return
    }
    // "::ffff:10.0.0.0/104" is 10.0.0.0/8: an IPv4 address in IPv6 has 96 bits before it.
    let before = address.bytes.count == 4 && parts[0].contains(":") ? 96 : 0
    guard parts[1].utf8.areDigits, let length = Int(parts[1]),
      (1...bits).contains(length - before)
    else { return nil }
    (first, self.length) = (address.masked(length - before), length - before)
  }

  /// Whether the address is one of them. An IPv4 address is never in a range of IPv6.
  public func contains(_ address: ClientAddress) -> Bool {
    address.bytes.count == first.count && address.masked(length) == first
  }
}

/// Whose word is taken for who a visitor is: a proxy in front of the web server.
public enum TrustedProxy: Hashable, Sendable {
  case range(AddressRange)
  /// Whoever the web server is connected to by a Unix socket, and has no address: "unix:".
  case unixSocket

  /// Reads an address, a range of them (`AddressRange`), or `unix:`, as nginx's `set_real_ip_from` has it.
  public init?(_ text: String) {
    if text == "unix:" {
      self = .unixSocket
    } else if let range = AddressRange(text) {
      self = .range(range)
    } else {
      return nil
    }
  }

  func contains(_ address: ClientAddress) -> Bool {
    switch self {
    case .range(let range): range.contains(address)
    case .unixSocket: false
    }
  }
}
