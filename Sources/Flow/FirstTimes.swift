internal import Threads

/// Remembers what the owner has been told, so that something that is wrong with every request is reported once.
///
/// Sendable: all mutable state is under the lock. Its size is bounded by the number of names that the program uses.
final class FirstTimes: @unchecked Sendable {
  private let lock = Lock()
  private var told: Set<String> = []

  /// Whether this is the first time.
  func isFirst(_ name: String) -> Bool {
    lock.withLock { told.insert(name).inserted }
  }
}
