internal import Encoding

/// The addresses with a common prefix, like "10.0.0.0/8" or "2001:db8::/32", or a single address.
public struct AddressRange: Hashable, Sendable {
  private let first: [UInt8]
  private let length: Int

  /// Parses an address, or an address and a prefix length (RFC 4632, RFC 4291); bits after the prefix do not matter.
  ///
  /// - Returns: nil if the text is anything else, or the range of all addresses (`/0`): nobody may trust everybody.
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

  /// Whether an address is in the range. An IPv4 address is never in an IPv6 range.
  public func contains(_ address: ClientAddress) -> Bool {
    address.bytes.count == first.count && address.masked(length) == first
  }
}

/// A proxy in front of the web server that is trusted to say who a client is.
public enum TrustedProxy: Hashable, Sendable {
  case range(AddressRange)
  /// Any peer that connects to the web server through a Unix socket, and so has no address: "unix:".
  case unixSocket

  /// Parses an address, a range (`AddressRange`), or `unix:`, like nginx's `set_real_ip_from`.
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
