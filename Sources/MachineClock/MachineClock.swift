internal import Glibc
public import LimitEngine

/// This machine's clocks, for a store's `LimiterClock`.
public struct MachineClock: Sendable {
  private let boot: [UInt8]

  /// Reads the id of this boot from Linux. If there is none (no /proc), the process makes one up, and from one process
  /// to the next the wall clock is trusted.
  public init() {
    guard let name = Self.read("/proc/sys/kernel/random/boot_id") else {
      var generator = SystemRandomNumberGenerator()
      boot = Array("process-\(generator.next() as UInt64)".utf8)
      return
    }
    // A container may have a boot clock of its own (time_namespaces(7)).
    boot = name + (Self.readLink("/proc/self/ns/time") ?? [])
  }

  public func now() -> MachineTime {
    MachineTime(
      boot: boot, sinceBoot: Self.milliseconds(CLOCK_BOOTTIME), wall: Self.milliseconds(CLOCK_REALTIME))
  }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // It fails only for a clock that does not exist.
    let result = unsafe clock_gettime(clock, &time)
    precondition(result == 0, "clock_gettime: errno \(errno)")
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func read(_ path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return Array(bytes.prefix(count).filter { $0 > 0x20 })
  }

  private static func readLink(_ path: String) -> [UInt8]? {
    var bytes = [CChar](repeating: 0, count: 64)
    let count = unsafe readlink(path, &bytes, bytes.count)
    return count > 0 ? bytes.prefix(count).map { UInt8(bitPattern: $0) } : nil
  }
}
