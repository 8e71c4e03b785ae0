import Foundation
public import LimitEngine
internal import Limits
internal import Threads

/// Clocks that stand still until they are told to go on.
public final class ManualClock: @unchecked Sendable {
  // Sendable because all of it is touched under the lock.
  private let lock = Lock()
  private var time: MachineTime

  public init(boot: String = "boot 1", sinceBoot: Int64 = 5_000_000, wall: Int64 = 1_800_000_000_000) {
    time = MachineTime(boot: Array(boot.utf8), sinceBoot: sinceBoot, wall: wall)
  }

  public func now() -> MachineTime {
    lock.withLock { time }
  }

  /// Time passes.
  public func advance(_ duration: Duration) {
    let passed = duration.milliseconds
    lock.withLock {
      time = MachineTime(boot: time.boot, sinceBoot: time.sinceBoot + passed, wall: time.wall + passed)
    }
  }

  /// Somebody sets the wall clock.
  public func stepWall(_ duration: Duration) {
    lock.withLock {
      time = MachineTime(boot: time.boot, sinceBoot: time.sinceBoot, wall: time.wall + duration.milliseconds)
    }
  }

  /// It is another copy of the same machine, whose boot clock is off by this.
  public func stepBoot(_ duration: Duration) {
    lock.withLock {
      time = MachineTime(boot: time.boot, sinceBoot: time.sinceBoot + duration.milliseconds, wall: time.wall)
    }
  }

  /// The machine was off for a while and comes up again.
  public func reboot(after duration: Duration, boot: String) {
    lock.withLock {
      time = MachineTime(boot: Array(boot.utf8), sinceBoot: 1000, wall: time.wall + duration.milliseconds)
    }
  }
}
