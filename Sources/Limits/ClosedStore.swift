/// The store of a site whose store could not be opened: everything that needs one fails with the reason.
public struct ClosedStore: CounterStore {
  private let failure: StoreFailure

  public init(_ failure: StoreFailure) {
    self.failure = failure
  }

  public func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision { throw failure }
  public func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure)
    -> Settlement
  {
    throw failure
  }
  public func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement { throw failure }
  public func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? { throw failure }
  public func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?
  { throw failure }
  public func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement { throw failure }
  public func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    throw failure
  }
  public func close() async {}
}
