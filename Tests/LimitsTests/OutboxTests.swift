import CounterStoreContract
import LimitEngine
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

/// Records that are far away: each way there is counted.
private final class FarRecords: RecordStore {
  private var records: [CounterKey: [UInt8]] = [:]
  private var near: Set<CounterKey> = []
  private(set) var ways = 0

  func read(_ key: CounterKey) -> [UInt8]? {
    if near.insert(key).inserted { ways += 1 }
    return records[key]
  }
  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) { records[key] = record }
  func remove(_ key: CounterKey) { records[key] = nil }
  func prefetch(_ keys: [CounterKey]) {
    ways += keys.isEmpty ? 0 : 1
    near.formUnion(keys)
  }

  /// Does it in a transaction of its own.
  func perform<Value>(_ work: (LimitEngine) throws -> Value) throws -> (Value, ways: Int) {
    (near, ways) = ([], 0)
    let engine = try LimitEngine(self, at: ManualClock().now())
    let value = try work(engine)
    if engine.close() > 0 { try engine.flush() }
    return (value, ways)
  }
}

@Test func `a lease of many messages reads all of them in one go`() throws {
  let records = FarRecords()
  let outbox = Keys.key("outbox")
  for index in 0..<20 {
    let message = OutboxMessage([UInt8(index)], to: outbox)
    let use = OneTimeUse(key: Keys.key("\(index)"), life: .seconds(3600), message: message)
    #expect(try records.perform { try $0.consume(use) }.0.isDone)
  }
  // The clock's record, the outbox's, and the messages'.
  let (lease, ways) = try records.perform { try $0.lease(outbox, atMost: 8) }
  #expect(lease.messages.count == 8 && ways == 3)
  let next = try records.perform { try $0.lease(outbox, atMost: 8) }
  #expect(next.0.messages.count == 8 && next.ways == 3)
}
