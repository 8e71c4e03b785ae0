internal import Glibc

/// A mutual exclusion lock: a pthread mutex, which ThreadSanitizer understands.
///
/// `@unchecked Sendable`: the mutex is the only state, and made for many threads.
@safe final class Lock: @unchecked Sendable {
  // Allocated, because a mutex must not move.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    let code = unsafe pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init fails only without memory")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func withLock<Value>(_ body: () -> Value) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }
}
