internal import Threads

/// Remembers what the owner was told, so that something that is wrong with every request is told once.
///
/// Sendable: everything mutable is guarded by the lock. Its size is bounded by the number of names that the program has for what
/// it tells.
final class FirstTimes: @unchecked Sendable {
  private let lock = Lock()
  private var told: Set<String> = []

  /// Whether this is the first time.
  func isFirst(_ name: String) -> Bool {
    lock.withLock { told.insert(name).inserted }
  }
}
