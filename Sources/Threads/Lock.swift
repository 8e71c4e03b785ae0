internal import Glibc

/// A mutual exclusion lock: a pthread mutex, which ThreadSanitizer understands. Not recursive.
///
/// `@unchecked Sendable`: the mutex is the only state, made for many threads, and its address never changes.
@safe public final class Lock: @unchecked Sendable {
  // Allocated, because a mutex must not move.
  let mutex: UnsafeMutablePointer<pthread_mutex_t>

  public init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let code = unsafe pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init fails only without memory")
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
