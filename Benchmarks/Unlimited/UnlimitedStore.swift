internal import Limits

/// A store that counts nothing and admits everything: what limits cost is the difference to it. No site has it; it is
/// the benchmark's.
struct UnlimitedStore: CounterStore {
  func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    let reservation = Reservation(
      id: Reservation.newID(), time: 0, rules: request.rules + request.untrustedRules, of: request)
    return ReservationDecision(
      .permitted(Permit(reservation: reservation, next: .zero, left: LimitsLeft(), wouldRefuse: nil)))
  }

  func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
    Settlement(isDone: true)
  }
  func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement { Settlement(isDone: true) }
  func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? { .zero }
  func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay? { nil }
  func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement { Settlement(isDone: true) }
  func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] { [] }
  public func close() async {}
}
