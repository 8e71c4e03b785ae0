internal import Glibc
internal import Threads

/// Takes whole lines of the log and keeps no writer waiting: a log that stands still (a full pipe, a terminal at Ctrl-S, a disk
/// that hangs) must not stop the program.
///
/// There are two ways of writing. A single-threaded program writes a line at once if there is room, and otherwise keeps it, to be
/// written along with the next one. A service has a thread that does nothing else, and waits for as long as it takes. Either way,
/// the number of waiting lines is bounded (`LogQueue`).
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class LogSink: @unchecked Sendable {
  private let output: LogOutput
  private let lock = Lock()
  private let changed = Condition()
  private var queue: LogQueue
  /// The batch that is being written, taken out of the queue.
  private var batch: LogQueue.Batch?
  /// Whether a line was begun but not ended, so that the next batch has to end it.
  private var isBroken = false
  /// Whether the last try failed; the next line is a reason to try again.
  private var hasFailed = false
  private var thread: POSIXThread?

  init(_ descriptor: CInt, limits: LogQueue.Limits = LogQueue.Limits()) {
    output = LogOutput(descriptor)
    queue = LogQueue(limits)
  }

  /// This process's log, which has a second to be written when the process exits.
  static let standardError: LogSink = {
    // This fails without memory: then what waits is lost.
    _ = atexit { LogSink.standardError.flush(within: .seconds(1)) }
    return LogSink(STDERR_FILENO)
  }()

  /// Writes a line, including its line break, or makes sure that it will be written. It does not wait. A line that is too long is
  /// cut.
  ///
  /// - Parameter isSevere: whether the line is kept even when others are being lost already.
  func write(_ line: String, isSevere: Bool = false) {
    let line = Self.cut(Array(line.utf8))
    lock.withLock {
      queue.add(line, isSevere: isSevere)
      hasFailed = false
      if thread == nil {
        writeWhatFits()
      } else {
        changed.signalAll()
      }
    }
  }

  /// From now on has a thread write, for as long as the process lives.
  func startThread() throws(POSIXThread.Failure) {
    lock.lock()
    defer { lock.unlock() }
    guard thread == nil else { return }
    thread = try POSIXThread(named: "log") { [self] in writeForEver() }
  }

  /// Waits until everything is written, but no longer than this: at the end of the process.
  func flush(within time: Duration) {
    let end = ContinuousClock.now + time
    lock.withLock {
      while batch != nil || !queue.isEmpty, !hasFailed {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { return }
        if thread != nil {
          _ = changed.wait(holding: lock, for: left)
        } else {
          output.waitForRoom(left)
          writeWhatFits()
        }
      }
    }
  }

  private static func cut(_ line: [UInt8]) -> [UInt8] {
    guard line.count > LogOutput.mostAtOnce else { return line }
    var end = LogOutput.mostAtOnce - 1
    // Not within a character of UTF-8.
    while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
    return line[..<end] + [UInt8(ascii: "\n")]
  }

  // MARK: Under the lock

  private func writeWhatFits() {
    while var bytes = nextBatch() {
      let result = output.write(&bytes)
      settle(result, left: bytes)
      guard result == .written else { return }
    }
  }

  /// What is to be written now, if there is anything.
  private func nextBatch() -> [UInt8]? {
    if batch == nil, !hasFailed {
      batch = queue.take(LogOutput.mostAtOnce)
      if isBroken { batch?.bytes.insert(UInt8(ascii: "\n"), at: 0) }
    }
    return batch?.bytes
  }

  /// - Parameter left: what was not written of the batch.
  private func settle(_ result: LogOutput.Result, left: [UInt8]) {
    guard let (bytes, lines) = batch.map({ ($0.bytes, $0.lines) }) else { return }
    isBroken = result != .written && (isBroken || left.count < bytes.count)
    switch result {
    case .written: batch = nil
    case .full: batch?.bytes = left
    case .failed:
      batch = nil
      queue.lose(lines)
      hasFailed = true
    }
  }

  // MARK: The thread

  private func writeForEver() {
    while true {
      lock.withLock {
        while batch == nil, queue.isEmpty || hasFailed { changed.wait(holding: lock) }
      }
      // Whoever writes a line meanwhile does not wait for this. Lines stay in the queue until there is room for them, so
      // that those which are lost are lost in one place.
      output.waitForRoom()
      guard var bytes = lock.withLock(nextBatch) else { continue }
      let result = output.write(&bytes)
      lock.withLock {
        settle(result, left: bytes)
        changed.signalAll()
      }
    }
  }
}
