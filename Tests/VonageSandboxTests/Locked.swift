import Foundation

/// A value behind a lock.
final class Locked<Value: Sendable>: @unchecked Sendable {
  // Only touched with the lock held.
  private var value: Value
  private let lock = NSLock()

  init(_ value: Value) { self.value = value }

  func with<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.withLock { body(&value) }
  }
}
