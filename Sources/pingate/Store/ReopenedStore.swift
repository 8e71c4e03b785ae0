internal import Dispatch
internal import Foundation
internal import Logging
internal import Verification

/// The store of a process, which may come up later than the process does: one that could not be opened is tried again
/// with the next use, at most once a second. Until then whatever needs it fails with the reason, at once.
///
/// A store that was replaced or found corrupt under way stays refused until `mustBeReopened` is acted upon: a running
/// process never goes on counting from nothing by itself.
///
/// Sendable, because what changes is only touched under the lock.
final class ReopenedStore: CounterStore, @unchecked Sendable {
  /// When it is opened first.
  enum Opening {
    /// Before there is anything else: a service tells at once what is wrong.
    case atOnce
    /// From now on, beside the rest, which waits when it comes to a use: for a program of one request that needs it.
    case beside
    /// By the first use: for a program of one request, which may not need it.
    case whenUsed
  }

  private enum State {
    case unopened
    case begun(Task<Result<any CounterStore, StoreFailure>, Never>)
    case open(any CounterStore)
    case opening(StoreFailure)
    case closed(StoreFailure, since: ContinuousClock.Instant)
  }

  private let open: @Sendable () throws(StoreFailure) -> any CounterStore
  private let log: Logger
  private let now: @Sendable () -> ContinuousClock.Instant
  private let lock = NSLock()
  private var state: State
  private var isOver = false

  static let pause: Duration = .seconds(1)

  /// Opens the store, or begins to try.
  ///
  /// - Parameters:
  ///   - open: may block for some seconds.
  init(
    log: Logger, opening: Opening = .atOnce, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    open: @escaping @Sendable () throws(StoreFailure) -> any CounterStore
  ) {
    self.open = open
    self.log = log
    self.now = now
    state = .unopened
    switch opening {
    case .whenUsed: break
    case .beside:
      lock.withLock {
        state = .begun(
          Task {
            do throws(StoreFailure) {
              return .success(try await self.open(after: nil))
            } catch {
              return .failure(error)
            }
          })
      }
    case .atOnce:
      do throws(StoreFailure) {
        state = .open(try open())
      } catch {
        log.critical("store.closed", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
        state = .closed(error, since: now())
      }
    }
  }

  /// Closes the store, at the end of the process: what is left of a database's log would be read anew by the next one.
  func close() {
    let former = lock.withLock {
      defer { state = .closed(StoreFailure(.unavailable, "it was closed"), since: now()) }
      return state
    }
    // Outside the lock: it takes a while.
    withExtendedLifetime(former) {}
  }

  /// Whether it failed in a way from which only the owner can bring it back, by opening it anew.
  var mustBeReopened: Bool { lock.withLock { isOver } }

  private func current() async throws(StoreFailure) -> any CounterStore {
    enum Next {
      case use(any CounterStore)
      case wait(Task<Result<any CounterStore, StoreFailure>, Never>)
      case fail(StoreFailure)
      case open(after: StoreFailure?)
    }
    let next: Next = lock.withLock {
      switch state {
      case .unopened:
        state = .opening(StoreFailure(.unavailable, "it is being opened"))
        return .open(after: nil)
      case .begun(let opening): return .wait(opening)
      case .open(let store): return .use(store)
      case .opening(let failure): return .fail(failure)
      case .closed(let failure, let since):
        guard now() - since >= Self.pause else { return .fail(failure) }
        state = .opening(failure)
        return .open(after: failure)
      }
    }
    switch next {
    case .use(let store): return store
    case .wait(let opening): return try await opening.value.get()
    case .fail(let failure): throw failure
    case .open(let last): return try await open(after: last)
    }
  }

  /// - Parameter last: why it could not be opened before; nil when nobody has tried.
  private func open(after last: StoreFailure?) async throws(StoreFailure) -> any CounterStore {
    let result: Result<any CounterStore, StoreFailure> = await withCheckedContinuation { caller in
      DispatchQueue.global().async {
        do throws(StoreFailure) {
          caller.resume(returning: .success(try self.open()))
        } catch {
          caller.resume(returning: .failure(error))
        }
      }
    }
    switch result {
    case .success(let store):
      lock.withLock { state = .open(store) }
      if last != nil { log.notice("store.opened") }
      return store
    case .failure(let failure):
      lock.withLock { state = .closed(failure, since: now()) }
      if failure != last {
        log.critical("store.closed", metadata: ["code": "\(failure.code)", "reason": "\(failure.detail)"])
      }
      throw failure
    }
  }

  private func perform<Value>(
    _ operation: (any CounterStore) async throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    let store = try await current()
    do throws(StoreFailure) {
      let value = try await operation(store)
      lock.withLock { isOver = false }
      return value
    } catch {
      if error.kind == .replaced || error.kind == .corrupt { lock.withLock { isOver = true } }
      throw error
    }
  }

  func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision {
    try await perform { store throws(StoreFailure) in try await store.charge(charge) }
  }
  func finish(_ receipt: Receipt, answer: [UInt8]) async throws(StoreFailure) -> Bool {
    try await perform { store throws(StoreFailure) in try await store.finish(receipt, answer: answer) }
  }
  func refund(_ receipt: Receipt) async throws(StoreFailure) -> Bool {
    try await perform { store throws(StoreFailure) in try await store.refund(receipt) }
  }
  func answer(nonce: CounterKey?, pair: Charge.Pair) async throws(StoreFailure) -> Repeat? {
    try await perform { store throws(StoreFailure) in try await store.answer(nonce: nonce, pair: pair) }
  }
  func claim(_ claim: Claim) async throws(StoreFailure) -> Bool {
    try await perform { store throws(StoreFailure) in try await store.claim(claim) }
  }
  func counts(of rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) -> [Count] {
    try await perform { store throws(StoreFailure) in try await store.counts(of: rules, guards: guards) }
  }
  func clear(_ rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) {
    try await perform { store throws(StoreFailure) in try await store.clear(rules, guards: guards) }
  }
  func browsers(knowing number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    try await perform { store throws(StoreFailure) in try await store.browsers(knowing: number) }
  }
  func forget(number: CounterKey) async throws(StoreFailure) {
    try await perform { store throws(StoreFailure) in try await store.forget(number: number) }
  }

  /// What is not open says at once that it is not.
  var hasRoom: Bool {
    let open: (any CounterStore)? = lock.withLock {
      if case .open(let store) = state { store } else { nil }
    }
    return open?.hasRoom ?? true
  }
}
