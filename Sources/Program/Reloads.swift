internal import Threads

/// Rereads the settings whenever asked: one reload at a time, and one more for everybody who asks meanwhile.
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class Reloads: @unchecked Sendable {
  private enum State {
    case idle
    case running
    /// Somebody has asked since it began, and may want something that it read too early.
    case due
  }

  private let reload: @Sendable () async -> Void
  private let lock = Lock()
  private var state = State.idle

  init(_ reload: @escaping @Sendable () async -> Void) {
    self.reload = reload
  }

  /// Returns at once.
  func request() {
    let isFirst = lock.withLock {
      defer { state = state == .idle ? .running : .due }
      return state == .idle
    }
    guard isFirst else { return }
    Task {
      repeat { await reload() } while isDue()
    }
  }

  private func isDue() -> Bool {
    lock.withLock {
      defer { state = state == .due ? .running : .idle }
      return state == .due
    }
  }
}
