internal import Limits

/// A store that counts nothing and admits everything: what limits cost is the difference to it. No site has it; it is
/// the benchmark's.
struct AdmittingStore: CounterStore {
  func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision {
    let receipt = Receipt(
      id: Receipt.newID(), time: 0, rules: charge.rules + charge.strangerRules, guards: charge.guards, of: charge)
    return ChargeDecision(.admitted(Admission(receipt: receipt, next: .zero, left: RowsLeft(), wouldRefuse: nil)))
  }

  func finish(_ receipt: Receipt, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
    Settlement(isDone: true)
  }
  func refund(_ receipt: Receipt) async throws(StoreFailure) -> Settlement { Settlement(isDone: true) }
  func answer(nonce: CounterKey?, pair: Charge.Pair) async throws(StoreFailure) -> Repeat? { nil }
  func claim(_ claim: Claim) async throws(StoreFailure) -> Settlement { Settlement(isDone: true) }
  func counts(of rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) -> [Count] { [] }
  func clear(_ rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) {}
  func browsers(knowing number: CounterKey) async throws(StoreFailure) -> [CounterKey] { [] }
  func forget(number: CounterKey) async throws(StoreFailure) {}
  public func close() async {}
}
