internal import Threads

/// Reads the settings anew whenever it is asked to: one reload at a time, and one for all who ask while it runs.
///
/// `@unchecked Sendable`: what changes is under the lock.
final class Reloads: @unchecked Sendable {
  private enum State {
    case idle
    case running
    /// Somebody has asked since it began, and may want what it did not read any more.
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
