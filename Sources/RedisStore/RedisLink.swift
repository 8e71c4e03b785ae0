internal import LimitEngine
internal import Limits
internal import Threads

/// The only thread that talks to Redis: everything that is waiting is decided together, in one turn.
///
/// In a single-threaded program each operation has a turn of its own and blocks the caller until it is answered.
final class RedisLink: @unchecked Sendable {
  // Sendable because the runner is confined to the thread, and the waiting jobs and the flag are touched only under the
  // lock.
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

  /// Refuses new jobs. Once the waiting ones are done, the thread ends and with it the connection.
  func stop() {
    lock.withLock {
      waiting.close()
      filled.signalAll()
    }
    if !hasThread { runner.close() }
  }

  /// Answers the job, now or later.
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

  /// Starts the thread, if there is to be one and it is not running; it lives until `stop`. It blocks SIGPIPE too:
  /// OpenSSL uses write(2), which raises that signal in the writing thread if the connection is gone. A program without
  /// threads ignores the signal.
  ///
  /// - Returns: a failure if no thread can be created; the next operation tries again.
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
    // Whoever stopped the link may keep it alive, so the connection is closed here.
    runner.close()
  }

  private func decide(_ batch: [LimiterJob]) {
    var waiting = runner.batch(batch)
    while !waiting.isEmpty {
      runner.step(&waiting)
      // Jobs that arrive while others have the turn join those that wait for it.
      if !waiting.isEmpty { waiting.add(takeNow(atMost: WaitingJobs.mostInBatch - waiting.jobs.count)) }
    }
  }

  /// Waits until there are jobs.
  ///
  /// - Returns: the jobs to decide together; nil after `stop`.
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
