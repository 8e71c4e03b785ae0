import Limits
import Testing

private let outbox = Keys.key("outbox")

private func message(_ text: String) -> OutboxMessage { OutboxMessage(Array(text.utf8), to: outbox) }

/// A success that tells of itself.
private func succeed(_ store: any CounterStore, _ name: String) async throws -> Bool {
  try await store.consume(OneTimeUse(key: Keys.key(name), life: .seconds(3600), message: message(name))).isDone
}

extension OutboxStore {
  fileprivate func lease(_ count: Int = 10, for time: Duration = .seconds(60)) async throws(StoreFailure) -> OutboxLease
  {
    try await lease(outbox, atMost: count, for: time)
  }
}

extension OutboxLease {
  fileprivate var texts: [String] { messages.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "-" } }
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
      #expect(lease.texts == ["a", "b"] && lease.tries == 0 && lease.lost == 0)
      #expect(try await store.settle(outbox, OutboxSettlement(of: lease, done: 2, next: .untried)))
      let rest = try await store.lease()
      #expect(rest.messages.isEmpty && rest.next == nil)
    },
    ContractClause("messages are one process's at a time, and another's when its lease is over") { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      for name in ["a", "b", "c"] { _ = try await succeed(store, name) }
      let first = try await store.lease(2)
      #expect(first.texts == ["a", "b"])
      let second = try await other.lease()
      #expect(second.texts == [] && second.next == .seconds(60))
      fixture.clock.advance(.seconds(60))
      let third = try await other.lease()
      #expect(third.texts == ["a", "b", "c"])
      // Whoever comes back too late changes nothing.
      #expect(try await store.settle(outbox, OutboxSettlement(of: first, done: 2, next: .untried)) == false)
      #expect(try await other.settle(outbox, OutboxSettlement(of: third, done: 1, next: .untried)))
      #expect(try await store.lease().texts == ["b", "c"])
    },
    ContractClause("what failed is tried again when its time comes, before all that came after it") { fixture in
      let store = try fixture.open()
      for name in ["a", "b"] { _ = try await succeed(store, name) }
      for tries in 0..<3 {
        let lease = try await store.lease()
        #expect(lease.texts == ["a", "b"] && lease.tries == tries)
        #expect(try await store.settle(outbox, OutboxSettlement(of: lease, done: 0, next: .again(.seconds(30)))))
        let early = try await store.lease()
        #expect(early.texts == [] && early.next == .seconds(30))
        fixture.clock.advance(.seconds(30))
      }
      let lease = try await store.lease()
      #expect(try await store.settle(outbox, OutboxSettlement(of: lease, done: 0, next: .lost)))
      let next = try await store.lease()
      #expect(next.texts == ["b"] && next.tries == 0 && next.lost == 1)
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
      #expect(lease.messages.count == 3 && lease.texts.dropFirst() == ["b", "c"])
      #expect(try await store.settle(outbox, OutboxSettlement(of: lease, done: 3, lost: 1, next: .untried)))
      #expect(try await store.lease().lost == 1)
    },
  ]
}
