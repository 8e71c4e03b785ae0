internal import Glibc
internal import Threads

/// A `ListenAddress` in the form that system calls take.
struct SocketAddress {
  private let storage: sockaddr_storage
  private let length: socklen_t

  init(_ address: ListenAddress) {
    switch address.location {
    case .unix(let path):
      var unix = sockaddr_un()
      unix.sun_family = sa_family_t(AF_UNIX)
      // It fits, together with the NUL already in place: see `ListenAddress.longestPath`.
      unsafe withUnsafeMutableBytes(of: &unix.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
      self.init(unix)
    case .ipv4(let port):
      var ipv4 = sockaddr_in()
      ipv4.sin_family = sa_family_t(AF_INET)
      ipv4.sin_port = port.bigEndian
      ipv4.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
      self.init(ipv4)
    case .ipv6(let port):
      var ipv6 = sockaddr_in6()
      ipv6.sin6_family = sa_family_t(AF_INET6)
      ipv6.sin6_port = port.bigEndian
      ipv6.sin6_addr = in6addr_loopback
      self.init(ipv6)
    }
  }

  private init<Specific>(_ specific: Specific) {
    var storage = sockaddr_storage()
    unsafe withUnsafeMutableBytes(of: &storage) { storage in
      unsafe withUnsafeBytes(of: specific) { unsafe storage.copyMemory(from: $0) }
    }
    self.storage = storage
    length = socklen_t(MemoryLayout<Specific>.size)
  }

  var family: Int32 { Int32(storage.ss_family) }

  /// The address that a socket is bound to.
  static func bound(to descriptor: Int32) throws(SystemError) -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    guard result == 0 else { throw .last }
    return SocketAddress(storage: storage, length: length)
  }

  private init(storage: sockaddr_storage, length: socklen_t) {
    self.storage = storage
    self.length = length
  }

  /// The same address as a value; nil if it is neither a Unix socket with a path nor a loopback address.
  var listenAddress: ListenAddress? {
    unsafe withUnsafeBytes(of: storage) { bytes in
      switch family {
      case AF_UNIX:
        let path = unsafe bytes[2..<Int(length)].prefix { $0 != 0 }
        return unsafe path.isEmpty ? nil : ListenAddress(.unix(path: String(decoding: path, as: UTF8.self)))
      case AF_INET:
        let ipv4 = unsafe bytes.load(as: sockaddr_in.self)
        guard UInt32(bigEndian: ipv4.sin_addr.s_addr) >> 24 == 127 else { return nil }
        return ListenAddress(.ipv4(port: UInt16(bigEndian: ipv4.sin_port)))
      case AF_INET6:
        let ipv6 = unsafe bytes.load(as: sockaddr_in6.self)
        let isLoopback = unsafe withUnsafeBytes(of: ipv6.sin6_addr) { unsafe Array($0) == Self.ipv6Loopback }
        return isLoopback ? ListenAddress(.ipv6(port: UInt16(bigEndian: ipv6.sin6_port))) : nil
      default: return nil
      }
    }
  }

  private static let ipv6Loopback = [UInt8](repeating: 0, count: 15) + [1]

  func bind(_ descriptor: Int32) throws(SystemError) {
    guard unsafe withAddress({ unsafe Glibc.bind(descriptor, $0, length) }) == 0 else { throw .last }
  }

  func connect(_ descriptor: Int32) throws(SystemError) {
    guard unsafe withAddress({ unsafe Glibc.connect(descriptor, $0, length) }) == 0 else { throw .last }
  }

  private func withAddress(_ call: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
    unsafe withUnsafePointer(to: storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call($0) }
    }
  }
}
