internal import CFastCGI
internal import DequeModule
internal import Glibc
internal import Threads

/// What other threads have to say to a loop's thread, with the means to wake it. It is also the executor of the tasks
/// that answer the loop's requests, and runs them on that same thread.
///
/// So a request changes threads only where it waits for something. Tasks must never block: that would hold up every
/// other request, and new connections too.
///
/// Sendable: all mutable state is under the lock; the descriptor is opened once and closed with the object.
final class EventQueue: TaskExecutor, @unchecked Sendable {
  struct Answer {
    let connection: UInt64
    /// Which of the connection's requests it answers.
    let requestNumber: Int
    /// The response in CGI format.
    let content: [UInt8]
  }

  struct Arrivals {
    /// Connections that another loop has accepted for this one.
    var connections: [AcceptedSocket] = []
    var answers: [Answer] = []
    /// How many tasks have ended.
    var ended = 0
    /// How long running requests may take, once the server is to stop.
    var grace: Duration?
    /// Whether something has changed elsewhere that this loop may be waiting for.
    var wantsTurn = false
    /// Messages between loops about closing idle connections, when there is no room for a new one.
    var reclaiming: [Reclaiming] = []

    var isEmpty: Bool {
      connections.isEmpty && answers.isEmpty && ended == 0 && grace == nil && !wantsTurn && reclaiming.isEmpty
    }
  }

  enum Reclaiming: Sendable {
    /// Asks how long the loop's longest-idle connection has been idle.
    case ask
    /// The answer: since when, or nil if no connection may be closed.
    case idle(LoopGroup.Member, since: Monotonic?)
    /// Asks for idle connections to be closed.
    case close
    /// The answer: how many were closed.
    case closed(Int)
  }

  private let lock = Lock()
  private var arrivals = Arrivals()
  /// The pieces of tasks that are ready to run.
  private var jobs: Deque<UnownedJob> = []
  private var isClosed = false
  /// Whether the thread is waiting, or about to, and must be woken.
  private var isAsleep = false
  private var event: Int32 = -1

  deinit {
    if event >= 0 { Glibc.close(event) }
  }

  // MARK: Called from any thread

  /// Delivers the response to a request.
  ///
  /// - Parameter endsTask: whether the request has nothing left to do afterwards.
  func deliver(_ answer: Answer, endsTask: Bool) {
    post {
      arrivals.answers.append(answer)
      if endsTask { arrivals.ended += 1 }
    }
  }

  func endTask() {
    post { arrivals.ended += 1 }
  }

  /// Asks the server to stop. If it is asked more than once, the shortest grace period counts.
  func stop(within grace: Duration) {
    post { arrivals.grace = min(grace, arrivals.grace ?? grace) }
  }

  /// Hands over a connection.
  func add(_ connection: AcceptedSocket) {
    post { arrivals.connections.append(connection) }
  }

  /// Gives the loop a turn, because something it may be waiting for has changed.
  func requestTurn() {
    post { arrivals.wantsTurn = true }
  }

  func tell(_ reclaiming: Reclaiming) {
    post { arrivals.reclaiming.append(reclaiming) }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isTaken = post {
      if !isClosed { jobs.append(job) }
      return !isClosed
    }
    if !isTaken { globalConcurrentExecutor.enqueue(job) }
  }

  /// A busy thread checks for arrivals before it waits: only a waiting thread has to be woken, and only once.
  private func post<Value>(_ change: () -> Value) -> Value {
    let (value, wakes) = lock.withLock {
      defer { isAsleep = false }
      return (change(), isAsleep)
    }
    if wakes {
      // Outside the lock, which is the first thing the thread takes. It fails only if the counter is full, and then the
      // descriptor is readable anyway.
      var one: UInt64 = 1
      _ = unsafe write(event, &one, 8)
    }
    return value
  }

  // MARK: Called from the loop's thread

  /// Opens the descriptor on which epoll(7) reports, edge-triggered, that something has arrived. Nobody reads it.
  func open() throws(SystemError) -> Int32 {
    event = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard event >= 0 else { throw .last }
    return event
  }

  /// Call it before the thread waits.
  ///
  /// - Returns: whether it may wait: nothing has arrived, and whatever arrives first will wake it.
  func fallAsleep() -> Bool {
    lock.withLock {
      isAsleep = jobs.isEmpty && arrivals.isEmpty
      return isAsleep
    }
  }

  /// Call it once the thread has stopped waiting, whatever woke it: what it posts to itself needs no wake-up.
  func wakeUp() {
    lock.withLock { isAsleep = false }
  }

  /// The number of jobs that are ready to run.
  var jobsLeft: Int { lock.withLock { jobs.count } }

  /// Removes and returns the oldest jobs, at most `most`.
  func takeJobs(_ most: Int) -> [UnownedJob] {
    lock.withLock {
      let first = Array(jobs.prefix(most))
      jobs.removeFirst(first.count)
      return first
    }
  }

  /// Removes and returns everything that has arrived except jobs.
  func collect() -> Arrivals {
    lock.withLock {
      defer { arrivals = Arrivals() }
      return arrivals
    }
  }

  /// Takes no more jobs, because the thread has ended: the remaining jobs run on the global executor.
  func close() {
    let left = lock.withLock {
      isClosed = true
      defer { jobs = [] }
      return jobs
    }
    for job in left { globalConcurrentExecutor.enqueue(job) }
    // Accepted connections close when they are released.
    _ = collect()
  }
}
