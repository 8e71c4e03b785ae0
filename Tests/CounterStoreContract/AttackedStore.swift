public import Limits
internal import Threads

/// A store under attack: messages are refused unless so much work was done for them.
public final class AttackedStore: CounterStore {
  private let store: any CounterStore
  private let demand = Locked<Int?>(1)
  private let reservations = Locked<[ReservationRequest]>([])

  public init(_ store: any CounterStore) { self.store = store }

  /// Nil for no attack.
  public func ask(for rounds: Int?) { demand.with { $0 = rounds } }

  /// All that was asked for.
  public var asked: [ReservationRequest] { reservations.with { $0 } }

  public func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    reservations.with { $0.append(request) }
    let rounds = demand.with { $0 }
    // No work makes a person of a robot.
    if let rounds, request.isSend, !request.looksAutomated, request.passedChallenge < rounds {
      // What was sent before is shown again all the same.
      if let state = try await store.answer(nonce: request.nonce, pair: request.pair) {
        return ReservationDecision(.replayed(state))
      }
      return ReservationDecision(
        .refused(Refusal([Refusal.Reason(.siteHour, wait: .seconds(900))], challenge: rounds)))
    }
    return try await store.reserve(request)
  }
  public func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure)
    -> Settlement
  {
    try await store.commit(reservation, answer: answer, wasSent: wasSent)
  }
  public func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try await store.release(reservation)
  }
  public func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try await store.wait(for: request)
  }
  public func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?
  {
    try await store.answer(nonce: nonce, pair: pair)
  }
  public func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement { try await store.consume(use) }
  public func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] { try await store.counts(of: rules) }
  public func close() async { await store.close() }
}
