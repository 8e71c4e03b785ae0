internal import Threads

/// A value that one thread at a time can touch.
final class Guarded<Value>: @unchecked Sendable {
  // Sendable because the value is reached under the lock only, and leaves it only as a `sending` result.
  private let lock = Lock()
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
  }

  func with<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
    lock.lock()
    defer { lock.unlock() }
    return body(&value)
  }
}
