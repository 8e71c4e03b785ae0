internal import Glibc

/// Something that threads wait for under a `Lock` (pthread_cond_wait(3)).
///
/// `@unchecked Sendable`: the condition is the only state, made for many threads, and its address never changes.
@safe public final class Condition: @unchecked Sendable {
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init() {
    unsafe condition = .allocate(capacity: 1)
    unsafe condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // So that setting the machine's clock lengthens no wait.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    let code = unsafe pthread_cond_init(condition, &attributes)
    precondition(code == 0, "pthread_cond_init fails only without memory")
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe condition.deallocate()
  }

  /// Waits until it is signaled, or for no reason: the caller looks at what it waits for, and waits again.
  ///
  /// - Parameter lock: is held by the caller, and let go of while it waits.
  public func wait(holding lock: Lock) {
    unsafe pthread_cond_wait(condition, lock.mutex)
  }

  /// Waits in the same way, for so long at most.
  ///
  /// - Returns: false when the time is over.
  public func wait(holding lock: Lock, for time: Duration) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let (seconds, attoseconds) = max(time, .zero).components
    let nanoseconds = end.tv_nsec + Int(attoseconds / 1_000_000_000)
    end.tv_sec += Int(clamping: min(seconds, 1 << 31)) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    return unsafe pthread_cond_timedwait(condition, lock.mutex, &end) != ETIMEDOUT
  }

  /// Lets all go on that wait.
  public func signalAll() {
    unsafe pthread_cond_broadcast(condition)
  }
}
