import Foundation
public import LimitEngine
public import Limits
internal import Threads

/// Records in memory, decided by the same `LimitEngine`: what the real stores are compared with.
public final class MemoryStore: CounterStore, StoreAdmin, RecordStore, @unchecked Sendable {
  // Sendable because all of it is touched under the lock.
  private let lock = Lock()
  private let clock: @Sendable () -> MachineTime
  private var records: [CounterKey: [UInt8]] = [:]

  public init(clock: @escaping @Sendable () -> MachineTime) {
    self.clock = clock
  }

  /// Another one with the same records, which goes on by itself.
  public func copy(clock: @escaping @Sendable () -> MachineTime) -> MemoryStore {
    let copy = MemoryStore(clock: clock)
    copy.records = lock.withLock { records }
    return copy
  }

  package func read(_ key: CounterKey) -> [UInt8]? { records[key] }
  package func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) { records[key] = record }
  package func remove(_ key: CounterKey) { records[key] = nil }

  private func perform<Value>(
    _ work: (LimitEngine) throws(StoreFailure) -> Value
  ) throws(StoreFailure) -> Value {
    lock.lock()
    defer { lock.unlock() }
    let engine = try LimitEngine(self, at: clock())
    let value = try work(engine)
    if engine.close() > 0 { try engine.flush() }
    return value
  }

  public func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    let id = Reservation.newID()
    let outcome = try perform { engine throws(StoreFailure) in try engine.reserve(request, id: id) }
    return ReservationDecision(outcome, of: request, id: id)
  }

  public func commit(
    _ reservation: Reservation, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) -> Settlement {
    try perform { engine throws(StoreFailure) in try engine.commit(reservation, answer: answer, wasSent: wasSent) }
  }

  public func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try perform { engine throws(StoreFailure) in try engine.release(reservation) }
  }

  public func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try perform { engine throws(StoreFailure) in try engine.wait(for: request) }
  }

  public func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?
  {
    try perform { engine throws(StoreFailure) in try engine.answer(nonce: nonce, pair: pair) }
  }

  public func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement {
    try perform { engine throws(StoreFailure) in try engine.consume(use) }
  }

  public func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    try perform { engine throws(StoreFailure) in try engine.counts(of: rules, rations: []) }
  }

  public func show(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) -> [Count] {
    try perform { engine throws(StoreFailure) in try engine.counts(of: rules, rations: rations) }
  }

  public func overview(of share: BudgetShare, by policy: LimitsPolicy) async throws(StoreFailure) -> BudgetOverview {
    try perform { engine throws(StoreFailure) in try engine.overview(of: share, by: policy) }
  }

  public func open(_ ration: Ration, for time: Duration) async throws(StoreFailure) {
    try perform { engine throws(StoreFailure) in try engine.open(ration, for: time) }
  }

  public func clear(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) {
    try perform { engine throws(StoreFailure) in try engine.clear(rules, rations: rations) }
  }

  public func browsers(trustedFor number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    try perform { engine throws(StoreFailure) in try engine.browsers(trustedFor: number) }
  }

  public func forget(number: CounterKey) async throws(StoreFailure) {
    try perform { engine throws(StoreFailure) in try engine.forget(number: number) }
  }

  public func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease {
    try perform { engine throws(StoreFailure) in try engine.lease(outbox, atMost: count) }
  }

  public func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool {
    try perform { engine throws(StoreFailure) in try engine.settle(outbox, message, end) }
  }

  public func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool {
    try perform { engine throws(StoreFailure) in try engine.attend(outbox, as: name, for: time) }
  }

  public func close() async {}
}
