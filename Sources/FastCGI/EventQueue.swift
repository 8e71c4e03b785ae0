internal import CFastCGI
internal import DequeModule
internal import Glibc
internal import Threads

/// What other threads have to say to a loop's thread, and what wakes it; and the executor of the tasks that answer the loop's
/// requests, which puts their work on that same thread.
///
/// A request then changes threads only where it waits for something. Nothing that the tasks do may block: it would keep
/// all others waiting, and new connections too.
///
/// Sendable: all that changes is under the lock; the descriptor is opened once and closed with the object.
final class EventQueue: TaskExecutor, @unchecked Sendable {
  struct Answer {
    let connection: UInt64
    /// Which of the connection's requests it answers.
    let requestNumber: Int
    /// The answer in CGI's form.
    let content: [UInt8]
  }

  struct Arrivals {
    /// Connections that another loop has accepted for this one.
    var connections: [AcceptedSocket] = []
    var answers: [Answer] = []
    /// How many tasks have ended.
    var ended = 0
    /// How long the running requests may take, when the server is to stop.
    var grace: Duration?
    /// Whether something has changed elsewhere that this loop may wait for.
    var isToLook = false
    /// What one loop asks of another, and the other's answers, when there is no room for a connection that waits.
    var reclaiming: [Reclaiming] = []

    var isEmpty: Bool {
      connections.isEmpty && answers.isEmpty && ended == 0 && grace == nil && !isToLook && reclaiming.isEmpty
    }
  }

  enum Reclaiming: Sendable {
    /// Asks since when a connection has been idle that may be closed.
    case ask
    /// Nil when there is none.
    case idle(LoopGroup.Member, since: Monotonic?)
    /// Asks for idle connections to be closed.
    case close
    /// So many were.
    case closed(Int)
  }

  private let lock = Lock()
  private var arrivals = Arrivals()
  /// The parts of tasks that can run now.
  private var jobs: Deque<UnownedJob> = []
  private var isClosed = false
  /// Whether the thread waits, or is about to, and has to be woken.
  private var isAsleep = false
  private var event: Int32 = -1

  deinit {
    if event >= 0 { Glibc.close(event) }
  }

  // MARK: For all threads

  /// - Parameter endsTask: whether nothing more is to be done for its request.
  func deliver(_ answer: Answer, endsTask: Bool) {
    post {
      arrivals.answers.append(answer)
      if endsTask { arrivals.ended += 1 }
    }
  }

  func endTask() {
    post { arrivals.ended += 1 }
  }

  /// Asks the server to stop. Of several times the shortest counts.
  func stop(within grace: Duration) {
    post { arrivals.grace = min(grace, arrivals.grace ?? grace) }
  }

  /// Hands over a connection.
  func add(_ connection: AcceptedSocket) {
    post { arrivals.connections.append(connection) }
  }

  /// Asks for a turn.
  func look() {
    post { arrivals.isToLook = true }
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

  /// A thread that is at work looks for arrivals before it waits: only one that waits has to be woken, and only once.
  private func post<Value>(_ change: () -> Value) -> Value {
    let (value, wakes) = lock.withLock {
      defer { isAsleep = false }
      return (change(), isAsleep)
    }
    if wakes {
      // Outside the lock, which the thread takes first of all. It fails only when the counter is full, and is readable.
      var one: UInt64 = 1
      _ = unsafe write(event, &one, 8)
    }
    return value
  }

  // MARK: For the server's thread

  /// Opens the descriptor of which epoll(7) tells, edge-triggered, that something has arrived. Nobody reads it.
  func open() throws(SystemError) -> Int32 {
    event = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard event >= 0 else { throw .last }
    return event
  }

  /// To be asked before the thread waits.
  ///
  /// - Returns: whether it may: nothing has arrived, and the first that comes will wake it.
  func fallAsleep() -> Bool {
    lock.withLock {
      isAsleep = jobs.isEmpty && arrivals.isEmpty
      return isAsleep
    }
  }

  /// To be told when the thread waits no more, whatever woke it: what it posts to itself needs no waking.
  func wakeUp() {
    lock.withLock { isAsleep = false }
  }

  /// How many jobs there are.
  var jobsLeft: Int { lock.withLock { jobs.count } }

  /// Takes out the jobs that came first, so many at most.
  func takeJobs(_ most: Int) -> [UnownedJob] {
    lock.withLock {
      let first = Array(jobs.prefix(most))
      jobs.removeFirst(first.count)
      return first
    }
  }

  /// Takes out all that has arrived but the jobs.
  func collect() -> Arrivals {
    lock.withLock {
      defer { arrivals = Arrivals() }
      return arrivals
    }
  }

  /// Takes no more jobs, because the thread has ended: what is left of the tasks runs where others do.
  func close() {
    let left = lock.withLock {
      isClosed = true
      defer { jobs = [] }
      return jobs
    }
    for job in left { globalConcurrentExecutor.enqueue(job) }
    // Connections close themselves.
    _ = collect()
  }
}
