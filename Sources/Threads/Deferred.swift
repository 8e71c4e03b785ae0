/// A lazily made value: the first caller makes it, once, and other callers wait for it.
///
/// `@unchecked Sendable`: all mutable state is touched only under the lock.
public final class Deferred<Value: Sendable>: @unchecked Sendable {
  private enum State {
    case unmade(@Sendable () -> Value)
    case made(Value)
  }

  private let lock = Lock()
  private var state: State

  /// - Parameter make: must not ask for the value itself. It is released once it has run.
  public init(_ make: @escaping @Sendable () -> Value) {
    state = .unmade(make)
  }

  /// Wraps an existing value.
  public init(made value: Value) {
    state = .made(value)
  }

  public var value: Value {
    lock.withLock {
      switch state {
      case .made(let value): return value
      case .unmade(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}
