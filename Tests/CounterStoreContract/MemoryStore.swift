import Foundation
public import LimitEngine
public import Limits

/// Rows in memory, decided by the same `Ledger`: what the real stores are compared with.
public final class MemoryStore: CounterStore, RowSpace, @unchecked Sendable {
  // Sendable because all of it is touched under the lock.
  private let lock = NSLock()
  private let clock: @Sendable () -> MachineTime
  private var rows: [CounterKey: [UInt8]] = [:]

  public init(clock: @escaping @Sendable () -> MachineTime) {
    self.clock = clock
  }

  package func read(_ key: CounterKey) -> [UInt8]? { rows[key] }
  package func write(_ key: CounterKey, _ row: [UInt8], expires: Int64) { rows[key] = row }
  package func remove(_ key: CounterKey) { rows[key] = nil }

  private func perform<Value>(
    _ work: (Ledger) throws(StoreFailure) -> Value
  ) throws(StoreFailure) -> Value {
    lock.lock()
    defer { lock.unlock() }
    let ledger = try Ledger(self, at: clock())
    let value = try work(ledger)
    if ledger.close() > 0 { try ledger.flush() }
    return value
  }

  public func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision {
    let id = Receipt.newID()
    let outcome = try perform { ledger throws(StoreFailure) in try ledger.charge(charge, id: id) }
    return ChargeDecision(outcome, of: charge, id: id)
  }

  public func finish(
    _ receipt: Receipt, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) -> Settlement {
    try perform { ledger throws(StoreFailure) in try ledger.finish(receipt, answer: answer, wasSent: wasSent) }
  }

  public func refund(_ receipt: Receipt) async throws(StoreFailure) -> Settlement {
    try perform { ledger throws(StoreFailure) in try ledger.refund(receipt) }
  }

  public func answer(nonce: CounterKey?, pair: Charge.Pair) async throws(StoreFailure) -> Repeat? {
    try perform { ledger throws(StoreFailure) in try ledger.answer(nonce: nonce, pair: pair) }
  }

  public func claim(_ claim: Claim) async throws(StoreFailure) -> Settlement {
    try perform { ledger throws(StoreFailure) in try ledger.claim(claim) }
  }

  public func counts(of rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) -> [Count] {
    try perform { ledger throws(StoreFailure) in try ledger.counts(of: rules, guards: guards) }
  }

  public func clear(_ rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) {
    try perform { ledger throws(StoreFailure) in try ledger.clear(rules, guards: guards) }
  }

  public func browsers(knowing number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    try perform { ledger throws(StoreFailure) in try ledger.browsers(knowing: number) }
  }

  public func forget(number: CounterKey) async throws(StoreFailure) {
    try perform { ledger throws(StoreFailure) in try ledger.forget(number: number) }
  }

  public func close() async {}
}
