/// Says what may be sent and tried, and counts it: puts the policy's questions to the store, and tells the owner's news.
///
/// One reference, because each request that waits holds it.
public final class Limiter: Sendable {
  private let store: any CounterStore
  private let policy: LimitsPolicy
  private let notify: @Sendable (LimitNotice) -> Void

  /// - Parameter notify: is told once of each thing that the owner should hear of; it must return at once.
  public init(
    store: any CounterStore, policy: LimitsPolicy, notify: @escaping @Sendable (LimitNotice) -> Void
  ) {
    self.store = store
    self.policy = policy
    self.notify = notify
  }

  /// Whether a further request would be worked on with the next ones (`CounterStore.hasRoom`).
  public var hasRoom: Bool { store.hasRoom }

  /// For how long a form that was sent is remembered.
  public var nonceLife: Duration { policy.nonceLife }

  /// For how long after a success a browser is trusted with its number.
  public var trustedLife: Duration { policy.trustedLife }

  /// Whether what is over a limit is refused, and not only told of.
  public var isEnforcing: Bool { policy.mode == .enforce }

  // MARK: Messages

  /// Reserves a message. It may be sent after `.permitted` only, and is then committed or released.
  public func reserve(_ send: SendIntent) async throws(StoreFailure) -> ReservationDecision.Result {
    try await decide(policy.reservation(for: send))
  }

  /// Says that a message was asked for, and what came of it (`CounterStore.commit`).
  public func commit(
    _ reservation: Reservation, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) {
    tell(try await store.commit(reservation, answer: answer, wasSent: wasSent).notices)
  }

  /// Takes a message out of the limits again that was certainly not sent (`CounterStore.release`).
  public func release(_ reservation: Reservation) async throws(StoreFailure) {
    tell(try await store.release(reservation).notices)
  }

  /// What became of the message that was asked for by the same form, or else to the same number from the same browser; nil
  /// when it was released or is forgotten.
  public func replay(
    nonce: CounterKey? = nil, _ pair: ReservationRequest.Pair
  ) async throws(StoreFailure) -> IdempotentReplay? {
    try await store.answer(nonce: nonce, pair: pair)
  }

  /// How long until the same message would pass, at least a second; a day where only the owner can clear the way.
  public func wait(for send: SendIntent) async throws(StoreFailure) -> Duration {
    max(.seconds(1), try await store.wait(for: policy.reservation(for: send)) ?? .day)
  }

  /// Whether a given-up request may be ended at the provider: once in its life.
  public func mayCancel(
    _ request: CounterKey, of pair: ReservationRequest.Pair
  ) async throws(StoreFailure) -> Bool {
    guard case .permitted = try await decide(policy.reservation(forEndOf: request, in: pair)) else { return false }
    return true
  }

  // MARK: Tries of a PIN

  /// Counts a try as a wrong one. The provider may be asked after `.permitted` only; a right one is then consumed.
  public func `try`(_ attempt: TryIntent) async throws(StoreFailure) -> ReservationDecision.Result {
    try await decide(policy.reservation(for: attempt))
  }

  /// Makes the one success of a request out of a try that was right.
  ///
  /// - Parameter message: what is told of it, in the same step.
  /// - Returns: true for exactly one caller, ever.
  public func consume(
    _ attempt: TryIntent, _ permit: Permit, telling message: OutboxMessage? = nil
  ) async throws(StoreFailure) -> Bool {
    var use = policy.oneTimeUse(for: attempt, permit.reservation)
    use.message = message
    return try await consume(use)
  }

  /// Uses up what is good for one use, of which nothing else is counted.
  ///
  /// - Parameter life: for how long the use is remembered: longer than it is good.
  /// - Returns: true for exactly one caller, ever.
  public func consume(_ key: CounterKey, rememberedFor life: Duration) async throws(StoreFailure) -> Bool {
    try await consume(OneTimeUse(key: key, life: life))
  }

  private func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Bool {
    let settlement = try await store.consume(use)
    tell(settlement.notices)
    return settlement.isDone
  }

  /// Whether so many wrong PINs were entered that no other will be looked at.
  public func isSpent(_ attempt: TryIntent) async throws(StoreFailure) -> Bool {
    let rules = policy.reservation(for: attempt).rules.filter { LimitID.ofOneAttempt.contains($0.id) }
    return try await store.counts(of: rules).contains { $0.wait != .zero }
  }

  /// The same, as of a try that was counted.
  public func isSpent(_ permit: Permit) -> Bool {
    policy.mode == .enforce && LimitID.ofOneAttempt.contains { permit.left[$0] == 0 }
  }

  /// The least that any limit of wrong PINs still admits; nil where none refuses.
  public func triesLeft(_ permit: Permit) -> Int? {
    guard policy.mode == .enforce else { return nil }
    return LimitID.ofWrongPINs.compactMap { permit.left[$0] }.min()
  }

  private func decide(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision.Result {
    let decision = try await store.reserve(request)
    tell(decision.notices)
    return decision.result
  }

  private func tell(_ notices: [LimitNotice]) {
    for notice in notices { notify(notice) }
  }
}
