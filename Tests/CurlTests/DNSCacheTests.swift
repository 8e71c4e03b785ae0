import HostNames
import Testing

@testable import Curl

@Suite(.timeLimit(.minutes(2)))
struct DNSCacheTests {
  private let host = Host(name: "pingate.invalid", port: 443)
  private let now = ContinuousClock.now
  /// 192.0.2.1 and 2001:db8::1, as they lie in a `sockaddr`.
  private let addresses = [
    Address(bytes: [2, 0, 0, 0, 192, 0, 2, 1] + [UInt8](repeating: 0, count: 8)),
    Address(
      bytes: [10, 0, 0, 0, 0, 0, 0, 0, 0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1, 0, 0, 0, 0]),
  ]

  private func cache(_ standIn: StandInNames) throws -> DNSCache {
    DNSCache(HostResolver { standIn.lookUp($0) }, queue: try #require(CallQueue()))
  }

  @Test func `an answer is used for ten minutes and not a second longer`() throws {
    var cache = try cache(StandInNames(.found))
    let isFound = cache.take(ResolvedHost(host: host, addresses: .success(addresses)), now: now)
    #expect(isFound)
    for seconds in [0, 59, 60, 599] {
      let lines = cache.lines(for: [host], now: now + .seconds(seconds))
      #expect(lines == ["pingate.invalid:443:192.0.2.1,[2001:db8::1]"])
    }
    let late = cache.lines(for: [host], now: now + .seconds(600))
    #expect(late == nil)
  }

  private static let failures: [HostResolver.Answer] = [
    .failure(HostFailure("no")), .success([]), .success([Address(bytes: [1, 0])]),
  ]

  @Test(arguments: failures.indices)
  func `a failure and an answer without an address leave what is known until then`(_ index: Int) throws {
    var cache = try cache(StandInNames(.found))
    let failure = ResolvedHost(host: host, addresses: Self.failures[index])
    let isFoundBefore = cache.take(failure, now: now)
    #expect(!isFoundBefore)
    _ = cache.take(ResolvedHost(host: host, addresses: .success(addresses)), now: now)
    let isFound = cache.take(failure, now: now + .seconds(61))
    #expect(isFound)
    let lines = cache.lines(for: [host], now: now + .seconds(599))
    #expect(lines?.count == 1)
    let isFoundLate = cache.take(failure, now: now + .seconds(600))
    #expect(!isFoundLate)
    let none = cache.lines(for: [host], now: now + .seconds(1))
    #expect(none == nil)
  }

  @Test func `a name is asked for again after a minute, and five seconds after a failure`() throws {
    var cache = try cache(StandInNames(.found))
    _ = cache.take(ResolvedHost(host: host, addresses: .success(addresses)), now: now)
    func asks(_ seconds: Int) -> Bool {
      _ = cache.lines(for: [host], now: now + .seconds(seconds))
      return cache.asked.contains(host)
    }
    #expect(!asks(59))
    #expect(asks(60))
    _ = cache.take(ResolvedHost(host: host, addresses: .failure(HostFailure("no"))), now: now + .seconds(61))
    #expect(!asks(65))
    #expect(asks(66))
  }

  @Test(arguments: ["192.0.2.7", "[2001:db8::7]", "localhost"])
  func `a proxy with an address has nothing looked up but for socks4 and socks5`(proxy: String) throws {
    let url = try ServiceURL("https://pingate.invalid")
    for scheme in ["http", "https", "socks4", "socks4a", "socks5", "socks5h"] {
      var configuration = Configuration()
      configuration.proxy = ProxyURL("\(scheme)://\(proxy)")
      #expect(configuration.hostsToLookUp(for: url) == (["socks4", "socks5"].contains(scheme) ? [host] : []))
    }
  }

  @Test(arguments: [("http", 1080), ("https", 443), ("socks5h", 1080)] as [(String, UInt16)])
  func `a proxy's port is libcurl's when it is not written`(scheme: String, port: UInt16) throws {
    let proxy = try #require(ProxyURL("\(scheme)://proxy.invalid"))
    #expect(proxy.host == Host(name: "proxy.invalid", port: port))
  }
}
