internal import Threads

/// What was told before, so that the operator is told once of what is wrong with every request.
///
/// Sendable: what changes is only touched under the lock. Bounded by the names that the program has for what it tells.
final class FirstTimes: @unchecked Sendable {
  private let lock = Lock()
  private var told: Set<String> = []

  /// Whether this is the first time.
  func isFirst(_ name: String) -> Bool {
    lock.withLock { told.insert(name).inserted }
  }
}
