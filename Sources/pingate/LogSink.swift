internal import Foundation
internal import Glibc

/// A file, pipe or terminal that takes whole lines, and is waited for once in a while only.
///
/// A log that stands still (a full pipe, a terminal at Ctrl-S), or that is read too slowly, must not stop the program: it is
/// given one second in ten, and else lines are dropped and counted until there is room again. Then the first line says how
/// many are missing.
///
/// Sendable: what changes is only touched under the lock.
final class LogSink: @unchecked Sendable {
  private let descriptor: CInt
  private let patience: CInt
  private let now: @Sendable () -> ContinuousClock.Instant
  private let lock = NSLock()
  private var lost = 0
  /// From when on a line may wait.
  private var waitsFrom: ContinuousClock.Instant

  /// From one wait to the next.
  static let pause: Duration = .seconds(10)

  /// - Parameter patience: how long a line may wait for room.
  init(
    _ descriptor: CInt, patience: Duration = .seconds(1),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.descriptor = descriptor
    self.now = now
    waitsFrom = now()
    self.patience = CInt(
      clamping: patience.components.seconds * 1_000 + patience.components.attoseconds / 1_000_000_000_000_000)
  }

  static let standardError = LogSink(STDERR_FILENO)

  /// Writes a line, its end included, in one `write`, so that lines of several processes on one file do not mix.
  func write(_ line: String) {
    lock.withLock {
      if lost > 0, put("(\(lost) lines of the log were lost: nobody took them)\n") { lost = 0 }
      if lost > 0 || !(put(line) || waits(with: line)) { lost += 1 }
    }
  }

  /// - Returns: whether there was room for the line in time.
  private func waits(with line: String) -> Bool {
    let now = now()
    guard now >= waitsFrom else { return false }
    waitsFrom = now + Self.pause
    return put(line, waiting: patience)
  }

  /// A pipe has room for `PIPE_BUF` bytes when it says that it is ready, so a longer line is cut and nothing ever blocks.
  private func put(_ line: String, waiting: CInt = 0) -> Bool {
    var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&output, 1, waiting) == 1, output.revents & Int16(POLLOUT) != 0 else { return false }
    var bytes = Array(line.utf8)
    if bytes.count > Self.longestLine {
      bytes = bytes.prefix(Self.longestLine - 1) + [UInt8(ascii: "\n")]
    }
    return unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
  }

  /// `PIPE_BUF` of Linux (pipe(7)).
  static let longestLine = 4_096
}
