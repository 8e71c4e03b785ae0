/// Where sends, tries and successes are counted, for whoever answers requests: the border between the limits and a database.
///
/// Each operation is one atomic step, seen by all processes and machines that share the store. None holds a thread of
/// the cooperative pool. None can be cancelled: each ends by itself within seconds, and a caller that has gone on would
/// not know whether anything was reserved. Time is the store's own (see `LimiterClock`); a step of the wall clock changes
/// nothing.
public protocol CounterStore: OutboxStore {
  /// Passes all rules and adds to all of them, or to none. **Only after `.permitted` may anything be sent or tried.**
  func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision

  /// Says that a send has ended, and with which answer: whoever repeats it gets this one. It stays counted.
  ///
  /// - Parameters:
  ///   - answer: at most 4,096 bytes, for `IdempotentReplay.answered`. Give one for failures too.
  ///   - wasSent: whether the provider said that a message is on its way. Where nobody knows, the budget is used up all the
  ///     same, but the message is none that a visitor failed to verify: it is taken out of the limits of those.
  /// - Returns: not done when the reservation was committed or released before, or is over an hour old.
  @discardableResult
  func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement

  /// Takes a send out of all limits of its reservation again, exactly once. **Only for one that was certainly not sent.**
  ///
  /// - Returns: not done when the reservation was committed or released before, or is over an hour old.
  @discardableResult
  func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement

  /// How long until a request would pass, if nothing else is reserved: by what decides about it (`reserve`), with nothing
  /// counted; zero when it would now, nil when only the owner can clear the way.
  ///
  /// What answers it without a decision, a form that was sent before, is not looked at.
  func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration?

  /// What became of the send that a repeat is waiting for; nil when it was released or is forgotten.
  func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?

  /// Makes the one success of a request.
  ///
  /// - Returns: done for exactly one caller, ever, in all processes.
  func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement

  /// How far limits are used up.
  func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count]

  /// Whether a further operation would be worked on with the next ones, and not only stand in line. It is asked for each
  /// request, and must not wait.
  var hasRoom: Bool { get }

  /// Ends it. What waits is still done; what comes later fails as `.unavailable`. When this returns a file is closed; a
  /// connection is as soon as what waited is done. May be called more than once.
  func close() async
}

extension CounterStore {
  /// There always is.
  public var hasRoom: Bool { true }
}

/// What a site's owner does with the same database, at a terminal. It works as `CounterStore` does.
public protocol StoreAdmin: Sendable {
  /// How far limits are used up, and what rations are left.
  func show(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) -> [Count]

  /// How the site's budget is shared out now, and what is rationed.
  ///
  /// - Parameter policy: has the rations of the ranges.
  func overview(of share: BudgetShare, by policy: LimitsPolicy) async throws(StoreFailure) -> BudgetOverview

  /// Has a range have as much as anybody wants, whatever it verifies, for this time; zero ends that.
  func open(_ ration: Ration, for time: Duration) async throws(StoreFailure)

  /// Sets limits back to nothing, as if nothing had ever been counted, and ends rations. What their owners have verified and
  /// left unverified of late is forgotten with them.
  func clear(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure)

  /// The browsers that are trusted with a number.
  func browsers(trustedFor number: CounterKey) async throws(StoreFailure) -> [CounterKey]

  /// Erases everything that is kept by number: its counters, the browsers that are trusted with it, its running request.
  /// What is kept by form (`ReservationRequest.nonceLife`), by request or by code is not found by number, nor is
  /// what waits to be told of it, which has the number's name in proofs (`OutboxMessage.life`).
  func forget(number: CounterKey) async throws(StoreFailure)
}
