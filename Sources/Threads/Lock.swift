internal import Glibc

/// A mutual exclusion lock: a pthread mutex, which ThreadSanitizer understands. It is not recursive.
///
/// `@unchecked Sendable`: the mutex is the only state, is made for many threads, and never moves.
@safe public final class Lock: @unchecked Sendable {
  // Allocated, because a mutex must not move.
  let mutex: UnsafeMutablePointer<pthread_mutex_t>

  public init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let code = unsafe pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init fails only if out of memory")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  @inlinable public func withLock<Value>(_ body: () throws -> Value) rethrows -> Value {
    lock()
    defer { unlock() }
    return try body()
  }

  public func lock() {
    unsafe pthread_mutex_lock(mutex)
  }

  public func unlock() {
    unsafe pthread_mutex_unlock(mutex)
  }
}

/// A value that one thread at a time can access.
///
/// `@unchecked Sendable`: the value is accessed only under the lock, and leaves it only as a `sending` result.
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
