import Dispatch
import Testing
import Verification

@testable import RedisStore

struct HostResolverTests {
  private let host = RedisAddress.Host(name: "redis.example", port: 6379)

  @Test func `a name server that is silent holds nobody longer than the deadline, nor a thread for each who asks`() {
    let gate = DispatchSemaphore(value: 0)
    let asked = Counter()
    let resolver = HostResolver { _ in
      asked.add()
      gate.wait()
      return .success([HostResolver.Address(bytes: [1])])
    }
    for _ in 0..<3 {
      #expect(throws: StoreFailure(.unavailable, "redis.example: looking up the name timed out")) {
        try resolver.addresses(of: host, until: .now + .milliseconds(20))
      }
    }
    #expect(asked.count == 1)
    // Once it speaks, whoever asks gets its answer.
    for _ in 0..<10 { gate.signal() }
    let found = try? resolver.addresses(of: host, until: .now + .seconds(60))
    #expect(found == [HostResolver.Address(bytes: [1])])
  }

  @Test func `numbers and names have addresses, and a name that is none is told`() throws {
    let resolver = HostResolver()
    for name in ["127.0.0.1", "localhost", "::1"] {
      let found = try resolver.addresses(of: RedisAddress.Host(name: name, port: 1), until: .now + .seconds(60))
      #expect(!found.isEmpty)
    }
    let none = RedisAddress.Host(name: "no name", port: 1)
    let failure = #expect(throws: StoreFailure.self) { try resolver.addresses(of: none, until: .now + .seconds(60)) }
    #expect(failure?.kind == .unavailable && failure?.detail.hasPrefix("no name: ") == true)
  }
}

/// Sendable because it is only touched on its queue.
private final class Counter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "Counter")
  private var value = 0

  var count: Int { queue.sync { value } }
  func add() { queue.sync { value += 1 } }
}
