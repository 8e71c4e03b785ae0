internal import Glibc

/// The IP address of a client, or of a proxy on the way. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291,
/// section 2.5.5.2) counts as the IPv4 address.
public struct ClientAddress: Hashable, Sendable {
  /// 4 bytes for IPv4 and 16 for IPv6, in network order.
  let bytes: [UInt8]

  /// Parses an address.
  ///
  /// - Returns: nil if the text is anything but a single address (RFC 4291, section 2.2, without a zone).
  public init?(_ text: String) {
    guard text.utf8.count <= Self.longestText, let bytes = Self.parse(text) else { return nil }
    self.bytes = bytes.starts(with: Self.mapped) && bytes.count == 16 ? Array(bytes[12...]) : bytes
  }

  /// The addresses of one household: an IPv4 address ("192.0.2.1"), or the /64 of an IPv6 address
  /// ("2001:db8:1:2::/64").
  public var host: String {
    bytes.count == 4 ? Self.text(bytes) : Self.text(masked(64)) + "/64"
  }

  /// The addresses that a provider assigns together: the /24 ("192.0.2.0/24") or the /48 ("2001:db8:1::/48").
  public var net: String {
    bytes.count == 4 ? Self.text(masked(24)) + "/24" : Self.text(masked(48)) + "/48"
  }

  /// The most that a provider may assign to one customer: the /32 of an IPv6 address ("2001:db8::/32"); nil for IPv4.
  public var wideNet: String? { bytes.count == 16 ? Self.text(masked(32)) + "/32" : nil }

  /// The significant bytes of `net`: 3 or 6.
  public var netBytes: [UInt8] { bytes.count == 4 ? Array(bytes[..<3]) : Array(bytes[..<6]) }

  /// The text of `net`, from its bytes.
  public static func net(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 3: text(bytes + [0]) + "/24"
    case 6: text(bytes + [UInt8](repeating: 0, count: 10)) + "/48"
    default: nil
    }
  }

  /// Whether the address belongs to this machine or to a private network: 127/8, 10/8, 172.16/12, 192.168/16 (RFC
  /// 1918), ::1, fc00::/7 (RFC 4193), and fe80::/10. No visitor from the Internet has one.
  public var isOfOwnNetwork: Bool {
    switch (bytes.count, bytes[0], bytes[1]) {
    case (4, 10, _), (4, 127, _), (4, 172, 16...31), (4, 192, 168): true
    case (4, _, _): false
    case (_, 0xFC...0xFD, _), (_, 0xFE, 0x80...0xBF): true
    default: bytes == Self.loopback
    }
  }

  private static let loopback = [UInt8](repeating: 0, count: 15) + [1]

  /// The bytes with all bits after the first `length` cleared.
  func masked(_ length: Int) -> [UInt8] {
    bytes.enumerated().map { index, byte in
      let bits = min(max(length - 8 * index, 0), 8)
      return byte & UInt8(truncatingIfNeeded: 0xFF00 >> bits)
    }
  }

  /// The prefix of IPv4 addresses in IPv6.
  static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
  /// `INET6_ADDRSTRLEN` without the terminating zero.
  private static let longestText = 45

  private static func parse(_ text: String) -> [UInt8]? {
    // inet_pton would stop at a zero byte, and accept what comes before it.
    guard !text.utf8.contains(0) else { return nil }
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func text(_ bytes: [UInt8]) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      guard let start = buffer.baseAddress,
        let text = unsafe inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, start, socklen_t(buffer.count))
      else { preconditionFailure("the buffer is too small") }
      return unsafe String(cString: text)
    }
  }
}

extension ClientAddress: CustomStringConvertible {
  /// The address as text (RFC 5952). It is personal data.
  public var description: String { Self.text(bytes) }
}
