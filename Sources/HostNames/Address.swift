internal import Glibc

/// A socket address as connect(2) takes it.
public struct Address: Sendable, Hashable {
  /// A `sockaddr`, which begins with its address family.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The IP address alone, as `inet_ntop` writes it: "192.0.2.1", "2001:db8::1", without an IPv6 scope. Nil for other
  /// address families.
  public var text: String? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard bytes.count >= MemoryLayout<sockaddr_in>.size else { return nil }
      let family = CInt(unsafe bytes.loadUnaligned(as: sa_family_t.self))
      // Where the IP address begins, and its length: `sin_addr` of sockaddr_in, `sin6_addr` of sockaddr_in6.
      let range: (start: Int, count: Int)
      switch family {
      case AF_INET: range = (4, 4)
      case AF_INET6: range = (8, 16)
      default: return nil
      }
      guard bytes.count >= range.start + range.count, let start = bytes.baseAddress else { return nil }
      var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      guard unsafe inet_ntop(family, start + range.start, &text, socklen_t(INET6_ADDRSTRLEN)) != nil else { return nil }
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
