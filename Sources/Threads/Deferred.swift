/// A value that is made when it is first asked for: once, by whoever asks first, and others wait for it.
///
/// `@unchecked Sendable`: what changes is only touched under the lock.
public final class Deferred<Value: Sendable>: @unchecked Sendable {
  private enum State {
    case unmade(@Sendable () -> Value)
    case made(Value)
  }

  private let lock = Lock()
  private var state: State

  /// - Parameter make: must not ask for the value itself, and lets go of what it holds afterwards.
  public init(_ make: @escaping @Sendable () -> Value) {
    state = .unmade(make)
  }

  /// A value that is there already.
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
