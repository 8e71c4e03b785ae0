import CounterStoreContract
import Limits
import Testing

@Test func `what an outbox has no room for is counted, and told of once an hour`() async throws {
  let clock = ManualClock()
  let store = MemoryStore(clock: clock.now)
  let outbox = Keys.key("outbox")
  func succeed(_ name: String) async throws {
    let message = OutboxMessage(Array(name.utf8), to: outbox)
    let use = OneTimeUse(key: Keys.key(name), life: .seconds(3600), message: message)
    #expect(try await store.consume(use).isDone)
  }
  for index in 0..<OutboxMessage.mostWaiting + 3 { try await succeed("\(index)") }
  let look = try await store.lease(outbox, atMost: 0)
  #expect(look.waiting == OutboxMessage.mostWaiting && look.lost == 3 && look.overflow == 0)
  #expect(try await store.lease(outbox, atMost: 1).overflow == 3)
  try await succeed("more")
  clock.advance(.seconds(3_599))
  #expect(try await store.lease(outbox, atMost: 1).overflow == 0)
  clock.advance(.seconds(1))
  let last = try await store.lease(outbox, atMost: 1)
  #expect(last.overflow == 1 && last.lost == 4)
}

@Test func `positions of messages that were settled are passed over, however many there are`() async throws {
  let clock = ManualClock()
  let store = MemoryStore(clock: clock.now)
  let outbox = Keys.key("outbox")
  for index in 0..<1_000 {
    let message = OutboxMessage(Array("\(index)".utf8), to: outbox)
    _ = try await store.consume(OneTimeUse(key: Keys.key("\(index)"), life: .seconds(3600), message: message))
  }
  let slow = try #require(try await store.lease(outbox, atMost: 1).messages.first)
  while let message = try await store.lease(outbox, atMost: 1).messages.first {
    #expect(try await store.settle(outbox, message, .delivered))
  }
  // The one that comes last stands behind all of them.
  let last = OutboxMessage(Array("last".utf8), to: outbox)
  _ = try await store.consume(OneTimeUse(key: Keys.key("last"), life: .seconds(3600), message: last))
  _ = try await store.lease(outbox, atMost: 1)
  #expect(try await store.settle(outbox, slow, .delivered))
  clock.advance(OutboxLease.time)
  for _ in 0..<20 where try await store.lease(outbox, atMost: 1).messages.isEmpty {}
  let end = try await store.lease(outbox, atMost: 1)
  #expect(end.waiting == 1 && end.messages.isEmpty && end.unreadable == 0 && end.next == OutboxLease.time)
}
