internal import Limits
internal import Logging
internal import Threads
internal import Verification

/// The store of a process, which may become available later than the process does: if it could not be opened, the next use tries
/// again, at most once a second. Until then, whatever needs it fails at once, with the reason.
///
/// A store that was replaced, or found corrupt, while the process runs stays refused until `renew` is called: a running process
/// never starts counting from zero by itself.
///
/// Sendable, because everything mutable is guarded by the lock.
final class ReconnectingStore: CounterStore, @unchecked Sendable {
  /// When it is first opened.
  enum Opening {
    /// Before anything else: a service reports at once what is wrong.
    case atOnce
    /// At the first use: for a CGI program, which may not need it.
    case whenUsed
  }

  private typealias Attempt = Task<Result<any CounterStore, StoreFailure>, Never>

  private enum State {
    case unopened
    /// Whoever needs it waits; after a failure, which is passed along, only the use that tries again does.
    case opening(Attempt, after: StoreFailure?)
    case open(any CounterStore)
    case refused(StoreFailure, since: ContinuousClock.Instant)
    /// Closed for good. The task ends once nothing of it is open any more.
    case closed(Task<Void, Never>)
  }

  private let open: @Sendable (Logger) throws(StoreFailure) -> any CounterStore
  private let execution: Execution
  private let now: @Sendable () -> ContinuousClock.Instant
  private let lock = Lock()
  private var state: State
  private var logger: Logger

  static let retryDelay: Duration = .seconds(1)

  /// Opens the store, or begins to try.
  ///
  /// - Parameters:
  ///   - log: the log for the store's state, until `renew` names another one.
  ///   - open: opens the store; it may block for some seconds.
  init(
    log: Logger, opening: Opening = .atOnce, execution: Execution = .threads,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    open: @escaping @Sendable (Logger) throws(StoreFailure) -> any CounterStore
  ) {
    self.open = open
    self.execution = execution
    logger = log
    self.now = now
    state = .unopened
    switch opening {
    case .whenUsed: break
    case .atOnce:
      do throws(StoreFailure) {
        state = .open(try open(log))
      } catch {
        log.critical("store.closed", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
        state = .refused(error, since: now())
      }
    }
  }

  /// A store that is open.
  ///
  /// - Parameter open: opens it anew.
  init(
    _ store: any CounterStore, log: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    open: @escaping @Sendable (Logger) throws(StoreFailure) -> any CounterStore
  ) {
    execution = .threads
    self.open = open
    logger = log
    self.now = now
    state = .open(store)
  }

  /// Acts on the owner's word: closes the store and opens it anew if it is not the one any more that was opened (deleted,
  /// replaced, emptied) or cannot be read, and tries at once to open one that could not be opened before. One that can be
  /// used, or will be again without that (Redis is down), goes on.
  ///
  /// It is closed first: the last one that closes a SQLite database whose log was deleted saves what is in it.
  ///
  /// - Parameter log: of the settings that are valid from now on.
  func renew(log: Logger) async {
    lock.withLock { logger = log }
    let store: (any CounterStore)? = lock.withLock { if case .open(let store) = state { store } else { nil } }
    guard let store else {
      let opening: Attempt? = lock.withLock { if case .refused = state { beginToOpen(after: nil) } else { nil } }
      if case .success? = await opening?.value { log.notice("store.opened") }
      return
    }
    do throws(StoreFailure) {
      _ = try await store.counts(of: [])
    } catch {
      guard [.replaced, .corrupt, .inputOutput].contains(error.kind) else {
        log.error("\(error.code)", metadata: ["operation": "reload", "detail": "\(error.detail)"])
        return
      }
      let opening: Attempt? = lock.withLock {
        if case .open = state { beginToOpen(after: nil, insteadOf: store) } else { nil }
      }
      guard case .success? = await opening?.value else { return }
      log.notice("store.reopened", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
    }
  }

  /// Closes the store for good: what is left of a database's log would be read anew by the next process. One that is
  /// being opened is closed when it is open.
  func close() async {
    let closing = lock.withLock {
      if case .closed(let closing) = state { return closing }
      let closing = execution.task { [state] in
        switch state {
        case .open(let store): await store.close()
        case .opening(let opening, after: _): _ = await opening.value
        case .unopened, .refused, .closed: break
        }
      }
      state = .closed(closing)
      return closing
    }
    await closing.value
  }

  private var log: Logger { lock.withLock { logger } }

  private static let closed = StoreFailure(.unavailable, "it was closed")

  private func current() async throws(StoreFailure) -> any CounterStore {
    enum Next {
      case use(any CounterStore)
      case wait(Attempt)
      case fail(StoreFailure)
    }
    let next: Next = lock.withLock {
      switch state {
      case .unopened: return .wait(beginToOpen(after: nil))
      case .opening(let opening, after: nil): return .wait(opening)
      case .opening(_, after: let failure?): return .fail(failure)
      case .open(let store): return .use(store)
      case .refused(let failure, let since):
        guard now() - since >= Self.retryDelay else { return .fail(failure) }
        return .wait(beginToOpen(after: failure))
      case .closed: return .fail(Self.closed)
      }
    }
    switch next {
    case .use(let store): return store
    case .wait(let opening): return try await opening.value.get()
    case .fail(let failure): throw failure
    }
  }

  /// Under the lock.
  ///
  /// - Parameters:
  ///   - last: why it could not be opened before; nil when nobody has tried, or the owner wants it.
  ///   - former: what is closed before.
  private func beginToOpen(after last: StoreFailure?, insteadOf former: (any CounterStore)? = nil) -> Attempt {
    let opening = execution.task {
      await former?.close()
      return await self.opened(after: last)
    }
    state = .opening(opening, after: last)
    return opening
  }

  private func opened(after last: StoreFailure?) async -> Result<any CounterStore, StoreFailure> {
    let result: Result<any CounterStore, StoreFailure> = await execution.blocking {
      do throws(StoreFailure) {
        return .success(try self.open(self.log))
      } catch {
        return .failure(error)
      }
    }
    let isWanted = lock.withLock {
      if case .closed = state { return false }
      switch result {
      case .success(let store): state = .open(store)
      case .failure(let failure): state = .refused(failure, since: now())
      }
      return true
    }
    switch result {
    case .success(let store):
      guard isWanted else {
        await store.close()
        return .failure(Self.closed)
      }
      if last != nil { log.notice("store.opened") }
    case .failure(let failure):
      if failure != last {
        log.critical("store.closed", metadata: ["code": "\(failure.code)", "reason": "\(failure.detail)"])
      }
    }
    return result
  }

  private func perform<Value>(
    _ operation: (any CounterStore) async throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    try await operation(try await current())
  }

  func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    try await perform { store throws(StoreFailure) in try await store.reserve(request) }
  }
  func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
    try await perform { store throws(StoreFailure) in
      try await store.commit(reservation, answer: answer, wasSent: wasSent)
    }
  }
  func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try await perform { store throws(StoreFailure) in try await store.release(reservation) }
  }
  func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try await perform { store throws(StoreFailure) in try await store.wait(for: request) }
  }
  func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay? {
    try await perform { store throws(StoreFailure) in try await store.answer(nonce: nonce, pair: pair) }
  }
  func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement {
    try await perform { store throws(StoreFailure) in try await store.consume(use) }
  }
  func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease {
    try await perform { store throws(StoreFailure) in try await store.lease(outbox, atMost: count) }
  }
  func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool {
    try await perform { store throws(StoreFailure) in try await store.settle(outbox, message, end) }
  }
  func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool {
    try await perform { store throws(StoreFailure) in try await store.attend(outbox, as: name, for: time) }
  }
  func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    try await perform { store throws(StoreFailure) in try await store.counts(of: rules) }
  }

  /// What is not open says at once that it is not.
  var hasRoom: Bool {
    let open: (any CounterStore)? = lock.withLock {
      if case .open(let store) = state { store } else { nil }
    }
    return open?.hasRoom ?? true
  }
}
