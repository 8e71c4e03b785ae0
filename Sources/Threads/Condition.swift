internal import Glibc

/// A condition variable, used together with a `Lock` (pthread_cond_wait(3)).
///
/// `@unchecked Sendable`: the condition variable is the only state, is made for many threads, and never moves.
@safe public final class Condition: @unchecked Sendable {
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init() {
    unsafe condition = .allocate(capacity: 1)
    unsafe condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // So that setting the system clock does not prolong a wait.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    let code = unsafe pthread_cond_init(condition, &attributes)
    precondition(code == 0, "pthread_cond_init fails only if out of memory")
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe condition.deallocate()
  }

  /// Waits until it is signaled. It may also return spuriously: the caller must check its condition and wait again.
  ///
  /// - Parameter lock: a lock that the caller holds; it is released during the wait.
  public func wait(holding lock: Lock) {
    unsafe pthread_cond_wait(condition, lock.mutex)
  }

  /// Waits likewise, but for at most this long.
  ///
  /// - Returns: false if the time ran out.
  public func wait(holding lock: Lock, for time: Duration) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let (seconds, attoseconds) = max(time, .zero).components
    let nanoseconds = end.tv_nsec + Int(attoseconds / 1_000_000_000)
    end.tv_sec += Int(clamping: min(seconds, 1 << 31)) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    return unsafe pthread_cond_timedwait(condition, lock.mutex, &end) != ETIMEDOUT
  }

  /// Wakes all waiting threads.
  public func signalAll() {
    unsafe pthread_cond_broadcast(condition)
  }
}
