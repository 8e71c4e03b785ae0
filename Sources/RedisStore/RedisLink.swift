internal import HostNames
internal import LimitEngine
internal import Limits
internal import Threads

/// The one thread that speaks with Redis: whatever waits goes out together, in one write, and the answers come back
/// together; with confirmation, one `WAIT` ends each such batch.
///
/// In a program of one thread each operation goes out alone, and the caller is held until its answer is there.
final class RedisLink: @unchecked Sendable {
  // Sendable because everything below `queue` belongs to the thread alone, but for the lock and what it guards.
  struct Operation: Sendable {
    let call: LimiterCall
    /// Answers the caller, once.
    let complete: @Sendable (Result<[RedisReply], StoreFailure>) -> Void
    let deadline: ContinuousClock.Instant
  }

  private let queue: WorkQueue<Operation>
  private let address: RedisAddress
  private let connector: RedisConnector
  private let clock: @Sendable () -> MachineTime
  private let usesServerTime: Bool
  private let warn: @Sendable (RedisWarning) -> Void
  private let hasThread: Bool
  private let lock = Lock()
  private var isStarted = false

  private var connection: RedisConnection?
  private var script: [UInt8] = []
  private var warned: Set<RedisWarning> = []
  private var nextConnect = ContinuousClock.now
  private var lastFailure = StoreFailure(.unavailable, "not connected")
  private var memory = StoreMemory()
  private var evictions = EvictionWatch()
  /// Names this link, at random.
  private let name: CounterKey

  static let mostWaiting = 20_000
  static let mostInBatch = 256
  /// How long an operation may wait for its turn.
  static let patience: Duration = .seconds(3)
  /// How long Redis may take for a batch.
  static let answerTime: Duration = .seconds(1)
  /// How long after a failed connect all operations fail at once.
  static let pause: Duration = .milliseconds(100)

  init(
    _ address: RedisAddress, usesServerTime: Bool, execution: Execution,
    warn: @escaping @Sendable (RedisWarning) -> Void, clock: @escaping @Sendable () -> MachineTime
  ) {
    hasThread = if case .threads = execution { true } else { false }
    self.warn = warn
    self.address = address
    self.usesServerTime = usesServerTime
    self.clock = clock
    connector = RedisConnector(address: address, resolver: HostResolver(execution))
    queue = WorkQueue(most: Self.mostWaiting)
    name = CounterKey(Receipt.newID())
  }

  /// Starts the thread, if that was not done, which lives until `stop`. It blocks SIGPIPE too: OpenSSL writes with write(2),
  /// and to a connection that is gone that raises it, in the thread that wrote. A program without threads ignores it.
  ///
  /// - Throws: when there is no thread to be had: the next operation tries again.
  private func start() throws(StoreFailure) {
    let failure: POSIXThread.Failure? = lock.withLock {
      guard !isStarted else { return nil }
      do throws(POSIXThread.Failure) {
        _ = try POSIXThread { [self] in work() }
        isStarted = true
        return nil
      } catch {
        return error
      }
    }
    if let failure {
      throw StoreFailure(.unavailable, "no thread to speak with Redis: pthread_create: errno \(failure.errorNumber)")
    }
  }

  /// Lets nothing more in. The thread ends when it has done what waits, and with it the connection.
  func stop() {
    queue.close()
    if !hasThread { connection = nil }
  }

  func perform(_ call: LimiterCall) async throws(StoreFailure) -> [RedisReply] {
    if hasThread { try start() }
    let result: Result<[RedisReply], StoreFailure> = await withCheckedContinuation { caller in
      let operation = Operation(
        call: call, complete: { caller.resume(returning: $0) }, deadline: .now + Self.patience)
      switch queue.add(operation) {
      case .taken:
        // What was put in is there, so that this takes it out and does not wait.
        if !hasThread, let batch = queue.take(atMost: Self.mostInBatch) { begin(batch) }
      case .full:
        caller.resume(
          returning: .failure(StoreFailure(.overloaded, "\(Self.mostWaiting) operations are waiting for Redis")))
      case .closed: caller.resume(returning: .failure(StoreFailure(.unavailable, "it was closed")))
      }
    }
    return try result.get()
  }

  private func work() {
    while let batch = queue.take(atMost: Self.mostInBatch) { begin(batch) }
    // Whoever stopped it may keep it.
    connection = nil
  }

  private func begin(_ batch: [Operation]) {
    var operations: [Operation] = []
    for operation in batch {
      if operation.deadline < .now {
        operation.complete(.failure(StoreFailure(.busy, "waited for Redis for too long")))
      } else {
        operations.append(operation)
      }
    }
    if !operations.isEmpty { run(operations) }
  }

  private func run(_ operations: [Operation]) {
    do throws(StoreFailure) {
      // What is refused for good would still be charged.
      if let end = evictions.end { throw end }
      let connection = try connected()
      let replies = try ask(connection, operations)
      for (operation, reply) in zip(operations, replies) {
        switch reply {
        case .list(let items) where items.count > 2: operation.complete(.success(items))
        case .error(let error): operation.complete(.failure(note(RedisReply.failure(error))))
        default: operation.complete(.failure(StoreFailure(.corrupt, "the script answered something else")))
        }
      }
    } catch {
      // Answers that come later must not be taken for those of other questions.
      connection = nil
      for operation in operations { operation.complete(.failure(error)) }
    }
  }

  private func connected() throws(StoreFailure) -> RedisConnection {
    // One that Redis has closed meanwhile, or that says something unasked, is not written to.
    if let connection, connection.isQuiet { return connection }
    connection = nil
    guard nextConnect <= .now else { throw lastFailure }
    do throws(StoreFailure) {
      let new = try connector.connect()
      connection = new.connection
      script = new.script
      evictions.begin(new.run)
      if let warning = new.warning, warned.insert(warning).inserted { warn(warning) }
      return new.connection
    } catch {
      lastFailure = error
      nextConnect = .now + Self.pause
      throw error
    }
  }

  private func ask(
    _ connection: RedisConnection, _ operations: [Operation]
  ) throws(StoreFailure) -> [RedisReply] {
    let machine = clock()
    var replies = try ask(connection, operations.map { command($0, ["EVALSHA", hash], machine) })
    // A Redis that lost the script has run nothing of it.
    let unknown = replies.indices.filter { index in
      if case .error(let error) = replies[index] { error.hasPrefix("NOSCRIPT") } else { false }
    }
    if !unknown.isEmpty {
      let again = try ask(connection, unknown.map { command(operations[$0], ["EVAL", LimiterScript.text], machine) })
      for (index, reply) in zip(unknown, again) { replies[index] = reply }
    }
    for reply in replies {
      guard let items = reply.list, items.count > 1, let head = items[0].list, head.count == 3,
        let birth = head[0].bytes, let write = head[1].integer, let mark = head[2].integer, let now = items[1].integer
      else { continue }
      memory.note(birth: birth, write: write, mark: mark, now: now)
    }
    return replies
  }

  /// One round trip, confirmed by so many replicas as must have it, and by a Redis that keeps it.
  private func ask(_ connection: RedisConnection, _ commands: [[[UInt8]]]) throws(StoreFailure) -> [RedisReply] {
    var more = EvictionWatch.questions
    if address.confirmations > 0 {
      more.append(["WAIT", "\(address.confirmations)", "\(Self.answerTime.milliseconds / 2)"])
    }
    let replies = try connection.ask(
      commands + more.map { $0.map { Array($0.utf8) } }, until: .now + Self.answerTime)
    let rest = replies[commands.count...]
    try evictions.check(rest.prefix(EvictionWatch.questions.count))
    if address.confirmations > 0 {
      guard let confirmed = rest.last?.integer, confirmed >= Int64(address.confirmations) else {
        throw StoreFailure(.unconfirmed, "fewer than \(address.confirmations) replicas have the charge")
      }
    }
    return Array(replies[..<commands.count])
  }

  private var hash: String { String(decoding: script, as: UTF8.self) }

  private func command(_ operation: Operation, _ run: [String], _ machine: MachineTime) -> [[UInt8]] {
    operation.call.command(run, at: machine, usesServerTime: usesServerTime, memory: memory, link: name)
  }

  /// Draws the consequences of a failure for the operations to come.
  private func note(_ failure: StoreFailure) -> StoreFailure {
    // Another server may be the primary by now, or this one not the one it was.
    if [.replaced, .readOnly, .unavailable].contains(failure.kind) { connection = nil }
    return failure
  }
}
