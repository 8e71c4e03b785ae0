internal import LimitEngine
internal import Limits
internal import Threads

/// The one thread that speaks with Redis: whatever waits is decided together, in one turn.
///
/// In a program of one thread each operation has a turn of its own, and the caller is held until its answer is there.
final class RedisLink: @unchecked Sendable {
  // Sendable because the runner belongs to the thread alone, and what waits and the flag are touched under the lock only.
  private let runner: TurnRunner
  private let hasThread: Bool
  private let lock = Lock()
  private let filled = Condition()
  private var waiting = WaitingJobs(for: "Redis")
  private var isStarted = false

  init(_ runner: TurnRunner, execution: Execution) {
    self.runner = runner
    hasThread = if case .threads = execution { true } else { false }
  }

  /// Lets nothing more in. The thread ends when it has done what waits, and with it the connection.
  func stop() {
    lock.withLock {
      waiting.close()
      filled.signalAll()
    }
    if !hasThread { runner.close() }
  }

  /// Answers the job, at once or later.
  func add(_ job: LimiterJob) {
    if let failure = start() { return job.fail(failure) }
    let entry = lock.withLock {
      let entry = waiting.add(job)
      filled.signalAll()
      return entry
    }
    if case .refuse(let failure) = entry { return job.fail(failure) }
    if !hasThread { decide(takeNow(atMost: WaitingJobs.mostInBatch)) }
  }

  /// See `CounterStore.hasRoom`.
  var hasRoom: Bool { lock.withLock { waiting.hasRoom } }

  /// Starts the thread, if there is to be one and it was not started, which lives until `stop`. It blocks SIGPIPE too:
  /// OpenSSL writes with write(2), and to a connection that is gone that raises it, in the thread that wrote. A program
  /// without threads ignores it.
  ///
  /// - Returns: a failure when there is no thread to be had: the next operation tries again.
  private func start() -> StoreFailure? {
    guard hasThread else { return nil }
    return lock.withLock {
      guard !isStarted else { return nil }
      do throws(POSIXThread.Failure) {
        _ = try POSIXThread { [self] in work() }
        isStarted = true
        return nil
      } catch {
        return StoreFailure(.unavailable, "no thread to speak with Redis: pthread_create: errno \(error.errorNumber)")
      }
    }
  }

  private func work() {
    while let batch = take() { decide(batch) }
    // Whoever stopped it may keep it.
    runner.close()
  }

  private func decide(_ batch: [LimiterJob]) {
    var waiting = runner.batch(batch)
    while !waiting.isEmpty {
      runner.step(&waiting)
      // Whoever comes while others have the turn goes with those who wait for it.
      if !waiting.isEmpty { waiting.add(takeNow(atMost: WaitingJobs.mostInBatch - waiting.jobs.count)) }
    }
  }

  /// Waits until there is something.
  ///
  /// - Returns: what is to be decided together; nil when it was stopped.
  private func take() -> [LimiterJob]? {
    lock.withLock {
      while waiting.isEmpty, !waiting.isClosed { filled.wait(holding: lock) }
      return waiting.isEmpty ? nil : waiting.takeBatch()
    }
  }

  private func takeNow(atMost count: Int) -> [LimiterJob] {
    lock.withLock { waiting.takeBatch(atMost: count) }
  }
}
