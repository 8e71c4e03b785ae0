import Glibc
import HostNames
import Limits
import Testing

@testable import RedisStore

struct RedisSocketTests {
  private let host = Host(name: "redis.example", port: 6379)

  @Test func `a host whose first addresses are silent is reached by its last`() throws {
    let silent = try LoopbackListener(isSilent: true)
    let live = try LoopbackListener(isSilent: false)
    let addresses = [silent.address, silent.address, live.address]
    _ = try RedisSocket(host, at: addresses, until: .now + .milliseconds(600))
    #expect(live.isReached)
  }

  @Test func `a host whose addresses are all silent fails by its deadline`() throws {
    let silent = try LoopbackListener(isSilent: true)
    let addresses = [silent.address, silent.address]
    #expect(throws: StoreFailure(.unavailable, "connect to redis.example:6379: timed out")) {
      try RedisSocket(host, at: addresses, until: .now + .milliseconds(100))
    }
  }
}

/// A TCP socket on 127.0.0.1 that listens. A silent one has so many connections waiting that Linux answers no further one.
private final class LoopbackListener {
  struct Failure: Error {
    let code: CInt
  }

  let address: Address
  private let listener: CInt
  private var waiting: [CInt] = []

  init(isSilent: Bool) throws {
    let listener = Self.socket()
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener, address, length) == 0 ? getsockname(listener, address, &length) : -1
      }
    }
    guard result == 0, listen(listener, isSilent ? 0 : 16) == 0 else { throw Failure(code: errno) }
    self.address = Address(bytes: unsafe withUnsafeBytes(of: &address) { unsafe Array($0) })
    guard isSilent else { return }
    for _ in 0..<8 {
      let file = Self.socket()
      waiting.append(file)
      _ = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(file, $0, length) }
      }
    }
  }

  /// Whether somebody has connected.
  var isReached: Bool {
    let file = accept(listener, nil, nil)
    if file >= 0 { close(file) }
    return file >= 0
  }

  deinit {
    for file in waiting + [listener] { close(file) }
  }

  private static func socket() -> CInt {
    Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
  }
}
