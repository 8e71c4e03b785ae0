internal import Glibc

/// A point in time on the system's monotonic clock, in nanoseconds.
struct Monotonic: Comparable, Sendable {
  private let nanoseconds: Int64

  static var now: Monotonic {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Monotonic(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static func < (one: Monotonic, other: Monotonic) -> Bool { one.nanoseconds < other.nanoseconds }

  static func + (moment: Monotonic, wait: Duration) -> Monotonic {
    // Capped at a century, so that nothing overflows.
    let seconds = min(max(wait.components.seconds, 0), 3_155_760_000)
    let rest = seconds == wait.components.seconds ? wait.components.attoseconds / 1_000_000_000 : 0
    return Monotonic(nanoseconds: moment.nanoseconds + seconds * 1_000_000_000 + rest)
  }

  /// The time left until then, rounded up, for poll(2) and epoll_wait(2); 0 if it has passed.
  var millisecondsLeft: Int32 {
    let left = nanoseconds - Monotonic.now.nanoseconds
    return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
  }
}
