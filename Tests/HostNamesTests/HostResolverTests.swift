import Dispatch
import HostNames
import Testing

struct HostResolverTests {
  private let host = Host(name: "redis.example", port: 6379)

  @Test func `a name server that is silent holds nobody longer than the deadline, nor a thread for each who asks`() {
    let gate = DispatchSemaphore(value: 0)
    let asked = Counter()
    let resolver = HostResolver { _ in
      asked.add()
      gate.wait()
      return .success([Address(bytes: [1])])
    }
    for _ in 0..<3 {
      #expect(throws: HostFailure("redis.example: looking up the name timed out")) {
        try resolver.addresses(of: host, until: .now + .milliseconds(20))
      }
    }
    #expect(asked.count == 1)
    // Once it speaks, whoever asks gets its answer.
    for _ in 0..<10 { gate.signal() }
    let found = try? resolver.addresses(of: host, until: .now + .seconds(60))
    #expect(found == [Address(bytes: [1])])
  }

  @Test func `whoever asks without waiting gets the same answer, from one look-up`() async {
    let gate = DispatchSemaphore(value: 0)
    let asked = Counter()
    let resolver = HostResolver { _ in
      asked.add()
      gate.wait()
      return .success([Address(bytes: [1])])
    }
    let (answers, told) = AsyncStream.makeStream(of: HostResolver.Answer.self)
    for _ in 1...100 { resolver.ask(for: host) { told.yield($0) } }
    gate.signal()
    var count = 0
    for await answer in answers {
      #expect(answer == .success([Address(bytes: [1])]))
      count += 1
      if count == 100 { break }
    }
    #expect(asked.count == 1)
  }

  @Test func `an answer is not kept`() {
    let asked = Counter()
    let resolver = HostResolver { _ in
      asked.add()
      return .failure(HostFailure("no"))
    }
    for _ in 1...2 {
      #expect(throws: HostFailure("no")) { try resolver.addresses(of: host, until: .now + .seconds(60)) }
    }
    #expect(asked.count == 2)
  }

  @Test(arguments: ["192.0.2.1", "2001:db8::1"]) func `an address is written as it is read`(text: String) throws {
    let found = try HostResolver().addresses(of: Host(name: text, port: 1), until: .now + .seconds(60))
    #expect(found.map(\.text) == [text])
    #expect(Address(bytes: [1, 0, 1]).text == nil)
  }

  @Test func `numbers and names have addresses, and a name that is none is told`() throws {
    let resolver = HostResolver()
    for name in ["127.0.0.1", "localhost", "::1"] {
      let found = try resolver.addresses(of: Host(name: name, port: 1), until: .now + .seconds(60))
      #expect(!found.isEmpty)
    }
    let none = Host(name: "no name", port: 1)
    let failure = #expect(throws: HostFailure.self) { try resolver.addresses(of: none, until: .now + .seconds(60)) }
    #expect(failure?.description.hasPrefix("no name: ") == true)
  }
}

/// Sendable because it is only touched on its queue.
private final class Counter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "Counter")
  private var value = 0

  var count: Int { queue.sync { value } }
  func add() { queue.sync { value += 1 } }
}
