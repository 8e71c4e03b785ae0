/// A value that one thread at a time can touch.
///
/// `@unchecked Sendable`: the value is reached under the lock only, and leaves it only as a `sending` result.
public final class Locked<Value>: @unchecked Sendable {
  private let lock = Lock()
  private var value: Value

  public init(_ value: sending Value) {
    self.value = value
  }

  public func with<Result>(_ body: (inout Value) throws -> sending Result) rethrows -> sending Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
