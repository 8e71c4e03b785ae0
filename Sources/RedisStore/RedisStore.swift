internal import Encoding
public import LimitEngine
public import Limits
public import Threads

/// The counters of many machines, in a single Redis (5 or newer), optionally kept available by Redis Sentinel.
///
/// What is waiting is decided in this process, by the same `LimitEngine` as in every store, in turns (see `Turn`): one
/// round trip reads the records, and another writes them back. Connecting takes at most a second and so does each
/// reply; waiting for a turn ends after three seconds.
///
/// With replicas, a reservation is answered only after the number of replicas named in the address have it (1 with
/// Sentinel). So a failover can lose a reservation only if the replica that has it is lost together with the primary,
/// or if Sentinel prefers another; Sentinel picks the replica that has read the most. A primary that is cut off from
/// its replicas cannot get confirmations and admits nothing.
///
/// If Redis turns out to be empty, a different one, or an older copy of itself while in use (restarted without
/// persistence or with an old snapshot, flushed, switched), it is refused with `store.replaced` until the right one is
/// back or the owner reopens the store: a running process never restarts its counts from zero. A process that has just
/// started cannot tell, so Redis should keep its data (`appendonly yes`).
public final class RedisStore: CounterStore, StoreAdmin {
  private let link: RedisLink

  static let timeout: Duration = .seconds(3)

  /// Starts the store's thread, if it has one. It connects with the first operation.
  ///
  /// - Parameters:
  ///   - execution: whether the store has a thread of its own, or blocks the program's only thread while it talks to
  ///     Redis.
  ///   - warn: called once for each thing that is unsafe about the Redis, on the store's thread.
  public convenience init(
    _ address: RedisAddress, execution: Execution = .threads,
    warn: @escaping @Sendable (RedisWarning) -> Void = { _ in }, clock: @escaping @Sendable () -> MachineTime
  ) {
    self.init(address, usesServerTime: true, execution: execution, warn: warn, clock: clock)
  }

  /// - Parameter usesServerTime: whether Redis's wall clock replaces this machine's where a wall clock is needed; false
  ///   in tests.
  init(
    _ address: RedisAddress, usesServerTime: Bool, execution: Execution = .threads,
    warn: @escaping @Sendable (RedisWarning) -> Void = { _ in }, clock: @escaping @Sendable () -> MachineTime
  ) {
    link = RedisLink(
      TurnRunner(address, usesServerTime: usesServerTime, execution: execution, warn: warn, clock: clock),
      execution: execution)
  }

  deinit {
    link.stop()
  }

  public func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    let id = Reservation.newID()
    let outcome = try await perform(reading: request.keys) { engine throws(StoreFailure) in
      try engine.reserve(request, id: id)
    }
    return ReservationDecision(outcome, of: request, id: id)
  }

  public func commit(
    _ reservation: Reservation, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) -> Settlement {
    precondition(answer.count <= 4096, "an answer has at most 4,096 bytes")
    return try await perform(
      reading: wasSent ? reservation.keysOfSend : reservation.keysOfReservation, endsSend: true
    ) {
      engine throws(StoreFailure) in
      try engine.commit(reservation, answer: answer, wasSent: wasSent)
    }
  }

  public func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try await perform(reading: reservation.keysOfReservation, endsSend: true) { engine throws(StoreFailure) in
      try engine.release(reservation)
    }
  }

  public func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try await perform(reading: request.keys) { engine throws(StoreFailure) in try engine.wait(for: request) }
  }

  public func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?
  {
    try await perform(reading: [pair.number] + (nonce.map { [$0] } ?? [])) { engine throws(StoreFailure) in
      try engine.answer(nonce: nonce, pair: pair)
    }
  }

  public func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement {
    try await perform(reading: use.keys) { engine throws(StoreFailure) in try engine.consume(use) }
  }

  public func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    try await perform(reading: rules.map(\.key)) { engine throws(StoreFailure) in
      try engine.counts(of: rules, rations: [])
    }
  }

  public func show(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) -> [Count] {
    try await perform(reading: rules.map(\.key) + rations.map(\.key)) { engine throws(StoreFailure) in
      try engine.counts(of: rules, rations: rations)
    }
  }

  public func overview(of share: BudgetShare, by policy: LimitsPolicy) async throws(StoreFailure) -> BudgetOverview {
    try await perform(reading: [share.site]) { engine throws(StoreFailure) in
      try engine.overview(of: share, by: policy)
    }
  }

  public func open(_ ration: Ration, for time: Duration) async throws(StoreFailure) {
    try await perform(reading: [ration.key]) { engine throws(StoreFailure) in
      try engine.open(ration, for: time)
    }
  }

  public func clear(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) {
    try await perform(reading: rules.map(\.key) + rations.map(\.key)) { engine throws(StoreFailure) in
      try engine.clear(rules, rations: rations)
    }
  }

  public func browsers(trustedFor number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    try await perform(reading: [number]) { engine throws(StoreFailure) in try engine.browsers(trustedFor: number) }
  }

  public func forget(number: CounterKey) async throws(StoreFailure) {
    try await perform(reading: [number]) { engine throws(StoreFailure) in try engine.forget(number: number) }
  }

  public var hasRoom: Bool { link.hasRoom }

  public func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease {
    try await perform(reading: [outbox]) { engine throws(StoreFailure) in try engine.lease(outbox, atMost: count) }
  }

  public func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool {
    try await perform(reading: message.keys(in: outbox), endsSend: true) { engine throws(StoreFailure) in
      try engine.settle(outbox, message, end)
    }
  }

  public func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool {
    try await perform(reading: [outbox]) { engine throws(StoreFailure) in try engine.attend(outbox, as: name, for: time)
    }
  }

  /// Does not wait: the store's thread closes the connection once it has finished the waiting jobs.
  public func close() async {
    link.stop()
  }

  private func perform<Value: Sendable>(
    reading keys: [CounterKey], endsSend: Bool = false,
    _ work: @escaping @Sendable (LimitEngine) throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    try await LimiterJob.result(endsSend: endsSend, within: Self.timeout, keys: keys, of: work) { link.add($0) }
  }
}

/// Something unsafe about a Redis that is used anyway.
public enum RedisWarning: String, Sendable, Hashable, CaseIterable {
  /// It writes no append-only file: if it dies, it comes back with an old snapshot or with nothing.
  case noAppendOnlyFile = "no_append_only_file"

  /// What it means and what to do about it, for the log.
  public var advice: String {
    switch self {
    case .noAppendOnlyFile:
      "this Redis forgets reservations when it is killed, and is then refused; set: appendonly yes"
    }
  }
}
