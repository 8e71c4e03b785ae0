import Limits
import Testing

private let outbox = Keys.key("outbox")

private func message(_ text: String) -> OutboxMessage { OutboxMessage(Array(text.utf8), to: outbox) }

/// A success that tells of itself.
private func succeed(_ store: any CounterStore, _ name: String) async throws -> Bool {
  try await store.consume(OneTimeUse(key: Keys.key(name), life: .seconds(3600), message: message(name))).isDone
}

extension OutboxStore {
  fileprivate func lease(_ count: Int = 10) async throws(StoreFailure) -> OutboxLease {
    try await lease(outbox, atMost: count)
  }

  @discardableResult
  fileprivate func settle(
    _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool { try await settle(outbox, message, end) }
}

extension OutboxLease {
  fileprivate var texts: [String] { messages.map { String(decoding: $0.content, as: UTF8.self) } }
}

extension ContractClause {
  /// What may be used once, and what waits to be told.
  static let outboxes = [
    ContractClause("what may be used once is used by one, in whichever process") { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      let use = OneTimeUse(key: Keys.key("token"), life: .seconds(600))
      let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<40 {
          group.addTask { try await (index % 2 == 0 ? store : other).consume(use).isDone }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(winners == 1)
      fixture.clock.advance(.seconds(599))
      #expect(try await store.consume(use).isDone == false)
    },
    ContractClause("a success tells of itself once, and one that is none tells nothing") { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      #expect(try await store.lease().next == nil)
      #expect(try await succeed(store, "a"))
      #expect(try await succeed(other, "b"))
      #expect(try await succeed(other, "a") == false)
      let lease = try await other.lease()
      #expect(lease.texts == ["a", "b"] && lease.messages.allSatisfy { $0.tries == 0 } && lease.lost == 0)
      for message in lease.messages { #expect(try await store.settle(message, .delivered)) }
      let rest = try await store.lease()
      #expect(rest.messages.isEmpty && rest.next == nil && rest.waiting == 0)
    },
    ContractClause("a message is one process's at a time, and another's when its lease is over") { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      for name in ["a", "b", "c"] { _ = try await succeed(store, name) }
      let first = try await store.lease(2)
      #expect(first.texts == ["a", "b"])
      #expect(try await other.lease().texts == ["c"])
      let none = try await other.lease()
      #expect(none.texts == [] && none.next == OutboxLease.time && none.waiting == 3)
      fixture.clock.advance(.seconds(59))
      #expect(try await store.settle(first.messages[0], .delivered))
      #expect(try await other.lease().texts == [])
      fixture.clock.advance(.seconds(1))
      let third = try await other.lease()
      #expect(third.texts == ["b", "c"])
      // Whoever comes back too late changes nothing.
      #expect(try await store.settle(first.messages[1], .delivered) == false)
      #expect(try await other.settle(third.messages[0], .delivered))
      #expect(try await other.settle(third.messages[0], .delivered) == false)
      #expect(try await store.lease().waiting == 1)
    },
    ContractClause("what failed is tried again when its own time comes, and holds up no other") { fixture in
      let store = try fixture.open()
      for name in ["a", "b"] { _ = try await succeed(store, name) }
      for message in try await store.lease().messages {
        try await store.settle(message, message.content == Array("a".utf8) ? .failed : .delivered)
      }
      for (tries, pause) in OutboxMessage.backoff.enumerated() {
        let early = try await store.lease()
        #expect(early.texts == [] && early.next == pause)
        _ = try await succeed(store, "new \(tries)")
        let new = try await store.lease()
        #expect(new.texts == ["new \(tries)"])
        try await store.settle(new.messages[0], .delivered)
        fixture.clock.advance(pause)
        let again = try await store.lease()
        #expect(again.texts == ["a"] && again.messages[0].tries == tries + 1)
        try await store.settle(again.messages[0], .failed)
      }
      let end = try await store.lease()
      #expect(end.next == nil && end.lost == 1 && end.waiting == 0)
    },
    ContractClause("many that failed and many that come have their turns alternately") { fixture in
      let store = try fixture.open()
      for index in 0..<6 { _ = try await succeed(store, "old \(index)") }
      for message in try await store.lease().messages { try await store.settle(message, .failed) }
      fixture.clock.advance(.seconds(5))
      for index in 0..<6 { _ = try await succeed(store, "new \(index)") }
      #expect(try await store.lease(4).texts == ["new 0", "old 0", "new 1", "old 1"])
      #expect(try await store.lease(4).next == .zero)
      #expect(try await store.lease().texts == ["new 4", "old 4", "new 5", "old 5"])
    },
    ContractClause("a message waits for three days, and is then counted as lost") { fixture in
      let store = try fixture.open()
      _ = try await succeed(store, "a")
      fixture.clock.advance(.seconds(2 * 86_400))
      _ = try await succeed(store, "b")
      fixture.clock.advance(.seconds(86_401))
      // Something is written: then it may be pruned.
      _ = try await succeed(store, "c")
      let lease = try await store.lease()
      #expect(lease.texts == ["b", "c"] && lease.unreadable == 1 && lease.lost == 1 && lease.waiting == 2)
    },
    ContractClause("one process at a time looks after an outbox, until it says so or its time is over") { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      func attend(_ store: any CounterStore, _ name: UInt8, _ time: Duration = .seconds(30)) async throws -> Bool {
        try await store.attend(outbox, as: [name], for: time)
      }
      #expect(try await attend(store, 1) == true)
      #expect(try await attend(other, 2) == false)
      #expect(try await attend(store, 1) == true)
      #expect(try await attend(other, 2, .zero) == false)
      #expect(try await attend(store, 1, .zero) == true)
      #expect(try await attend(other, 2) == true)
      fixture.clock.advance(.seconds(30))
      #expect(try await attend(store, 1) == true)
    },
  ]
}
