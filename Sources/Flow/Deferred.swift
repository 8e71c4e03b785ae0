internal import Glibc

/// A value that is made when it is first asked for: once, by whoever asks first, and others wait for it.
///
/// Sendable: what changes is only touched under the mutex, which ThreadSanitizer understands.
@safe
final class Deferred<Value: Sendable>: @unchecked Sendable {
  private enum State {
    case unmade(@Sendable () -> Value)
    case made(Value)
  }

  // Allocated, because a mutex must not move.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var state: State

  /// - Parameter make: must not ask for the value itself, and lets go of what it holds afterwards.
  convenience init(_ make: @escaping @Sendable () -> Value) {
    self.init(.unmade(make))
  }

  /// A value that is there already.
  convenience init(made value: Value) {
    self.init(.made(value))
  }

  private init(_ state: State) {
    self.state = state
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let code = unsafe pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init fails only without memory")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  var value: Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    switch state {
    case .made(let value): return value
    case .unmade(let make):
      let value = make()
      state = .made(value)
      return value
    }
  }
}
