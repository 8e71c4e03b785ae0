/// The store of a site whose store could not be opened: everything that needs one fails with the reason.
public struct ClosedStore: CounterStore {
  private let failure: StoreFailure

  public init(_ failure: StoreFailure) {
    self.failure = failure
  }

  public func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision { throw failure }
  public func finish(_ receipt: Receipt, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
    throw failure
  }
  public func refund(_ receipt: Receipt) async throws(StoreFailure) -> Settlement { throw failure }
  public func answer(nonce: CounterKey?, pair: Charge.Pair) async throws(StoreFailure) -> Repeat? { throw failure }
  public func claim(_ claim: Claim) async throws(StoreFailure) -> Settlement { throw failure }
  public func counts(of rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) -> [Count] {
    throw failure
  }
  public func clear(_ rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) { throw failure }
  public func browsers(knowing number: CounterKey) async throws(StoreFailure) -> [CounterKey] { throw failure }
  public func forget(number: CounterKey) async throws(StoreFailure) { throw failure }
  public func close() async {}
}
