internal import CSQLite
internal import Dispatch
internal import Glibc
public import LimitEngine
public import Limits
public import Threads

/// The counters of one machine, in a single SQLite file that any number of processes share.
///
/// It uses a write-ahead log and one `BEGIN IMMEDIATE` transaction per batch: whatever arrives in this process while a
/// transaction runs goes into the next one together, so that the cost of durability is shared. A reservation is on disk
/// before it is answered (`synchronous=FULL`), so a power loss forgets none. The outcome of a send is left to the
/// operating system to write, as `.normal` does with everything: a crash of the process still loses nothing, and a
/// power loss may lose the last seconds. A send whose outcome is lost stays counted.
///
/// All work runs on one serial queue, never on the cooperative pool; in a single-threaded program it runs inline.
/// Waiting for other processes ends after two seconds with `store.busy`, waiting in the queue after three.
///
/// A file that is deleted, replaced or found corrupt while in use ends the store: it fails from then on, until a new
/// one is opened. A record that cannot be read fails only what needs it. A file that does not exist when it is opened
/// is created, and empty: by deleting the file, an owner resets everything. `isNew` reports that, for the log.
public final class SQLiteStore: CounterStore, StoreAdmin {
  public enum Durability: String, Sendable, Hashable {
    case full
    case normal
  }

  /// Whether opening the store created the file, empty.
  public let isNew: Bool
  private let file: StoreFile
  /// Used only on `queue`, once it is open.
  let connection: Connection
  /// Nil in a single-threaded program.
  private let queue: DispatchQueue?
  private let execution: Execution
  /// Nil if there is no thread for it: a program that ends soon leaves checkpoints to SQLite.
  private let checkpointer: Checkpointer?
  private let clock: @Sendable () -> MachineTime
  private let durability: Durability
  /// What the connection is currently set to.
  private let currentDurability: Locked<Durability>
  private let waiting = Locked(WaitingJobs(for: "the database"))
  private let sweep = Locked(Sweep())
  /// Identifies the files that were opened.
  private let identity: [UInt64]

  static let timeout: Duration = .seconds(3)

  /// Opens the file, creating it if there is none. Blocks for up to two seconds if other processes keep it busy.
  ///
  /// - Parameters:
  ///   - path: a path in an existing folder that not everybody can write to.
  ///   - execution: where the database work runs.
  ///   - clock: the machine's clocks.
  public convenience init(
    path: String, durability: Durability = .full, execution: Execution = .threads,
    clock: @escaping @Sendable () -> MachineTime
  ) throws(StoreFailure) {
    try self.init(path: path, durability: durability, execution: execution, maxPages: nil, clock: clock)
  }

  /// - Parameter maxPages: a size at which the file counts as full, for tests.
  init(
    path: String, durability: Durability = .full, execution: Execution = .threads, maxPages: Int?,
    clock: @escaping @Sendable () -> MachineTime
  ) throws(StoreFailure) {
    let file = try StoreFile(path: path)
    self.file = file
    self.clock = clock
    isNew = file.isNew
    self.durability = durability
    currentDurability = Locked(durability)
    self.execution = execution
    checkpointer =
      switch execution {
      case .threads: Checkpointer(path: file.path, durability: durability.rawValue)
      case .loop: nil
      }
    queue =
      switch execution {
      case .threads: DispatchQueue(label: "SQLiteStore")
      case .loop: nil
      }
    do throws(StoreFailure) {
      (connection, identity) = try SQLiteFailure.translating {
        let connection = try Self.open(file.path, durability, maxPages)
        // The log and its index exist from the first read of the database until the last process closes it.
        guard let identity = file.identity() else {
          throw StoreFailure(.replaced, "\(path) was deleted or replaced while it was opened")
        }
        return (connection, identity)
      }
    } catch {
      // SQLite cannot tell a file system without locks from one whose locks others hold.
      throw error.kind == .busy ? file.lackOfLocks() ?? error : error
    }
  }

  public func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    let id = Reservation.newID()
    let outcome = try await perform { engine throws(StoreFailure) in try engine.reserve(request, id: id) }
    return ReservationDecision(outcome, of: request, id: id)
  }

  public func commit(
    _ reservation: Reservation, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) -> Settlement {
    precondition(answer.count <= 4096, "an answer has at most 4,096 bytes")
    return try await perform(isDurable: false, endsSend: true) { engine throws(StoreFailure) in
      try engine.commit(reservation, answer: answer, wasSent: wasSent)
    }
  }

  public func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try await perform(isDurable: false, endsSend: true) { engine throws(StoreFailure) in
      try engine.release(reservation)
    }
  }

  public func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try await perform { engine throws(StoreFailure) in try engine.wait(for: request) }
  }

  public func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay?
  {
    try await perform { engine throws(StoreFailure) in try engine.answer(nonce: nonce, pair: pair) }
  }

  public func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement {
    try await perform { engine throws(StoreFailure) in try engine.consume(use) }
  }

  public func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    try await perform { engine throws(StoreFailure) in try engine.counts(of: rules, rations: []) }
  }

  public func show(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) -> [Count] {
    try await perform { engine throws(StoreFailure) in try engine.counts(of: rules, rations: rations) }
  }

  public func overview(of share: BudgetShare, by policy: LimitsPolicy) async throws(StoreFailure) -> BudgetOverview {
    try await perform { engine throws(StoreFailure) in try engine.overview(of: share, by: policy) }
  }

  public func open(_ ration: Ration, for time: Duration) async throws(StoreFailure) {
    try await perform { engine throws(StoreFailure) in try engine.open(ration, for: time) }
  }

  public func clear(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) {
    try await perform { engine throws(StoreFailure) in try engine.clear(rules, rations: rations) }
  }

  public func browsers(trustedFor number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    try await perform { engine throws(StoreFailure) in try engine.browsers(trustedFor: number) }
  }

  public func forget(number: CounterKey) async throws(StoreFailure) {
    try await perform { engine throws(StoreFailure) in try engine.forget(number: number) }
  }

  public func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease {
    try await perform(isDurable: false) { engine throws(StoreFailure) in try engine.lease(outbox, atMost: count) }
  }

  public func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool {
    try await perform(isDurable: false, endsSend: true) { engine throws(StoreFailure) in
      try engine.settle(outbox, message, end)
    }
  }

  public func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool {
    try await perform(isDurable: false) { engine throws(StoreFailure) in try engine.attend(outbox, as: name, for: time)
    }
  }

  public var hasRoom: Bool { waiting.with { $0.hasRoom } }

  /// The last connection to close checkpoints the log and deletes it. The store's and the checkpointer's connections
  /// are therefore closed here, rather than whenever they are released.
  public func close() async {
    waiting.with { $0.close() }
    if let queue {
      await withCheckedContinuation { caller in
        // After everything that is waiting.
        queue.async { [connection] in
          connection.close()
          caller.resume()
        }
      }
    } else {
      connection.close()
    }
    // After the last commit, which may trigger a checkpoint.
    await checkpointer?.close()
  }

  /// Tries for two seconds: SQLite does not call the busy handler when a new file is switched to a write-ahead log,
  /// because two processes waiting for each other there would wait forever.
  private static func open(_ path: String, _ durability: Durability, _ maxPages: Int?) throws -> Connection {
    let deadline = ContinuousClock.now + .seconds(2)
    while true {
      do {
        // One millisecond per attempt: SQLite's own waits grow to 100 ms, and others would overtake.
        let connection = unsafe try Connection(path: path) { _, tries in
          usleep(1000)
          return tries < 1900 ? 1 : 0
        }
        try connection.execute(
          """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = \(durability.rawValue);
          PRAGMA journal_size_limit = 33554432;
          PRAGMA wal_autocheckpoint = \(Checkpointer.inlinePages);
          PRAGMA trusted_schema = OFF;
          PRAGMA cache_size = -8192;
          """)
        if let maxPages { try connection.execute("PRAGMA max_page_count = \(maxPages)") }
        try SQLiteSchema.prepare(connection)
        return connection
      } catch let error as SQLiteError where error.primaryCode == SQLITE_BUSY && .now < deadline {
        usleep(1000)
      }
    }
  }

  private func perform<Value: Sendable>(
    isDurable: Bool = true, endsSend: Bool = false,
    _ work: @escaping @Sendable (LimitEngine) throws(StoreFailure) -> Value
  ) async throws(StoreFailure) -> Value {
    // The keys are not prefetched: reading record by record costs nothing here.
    try await LimiterJob.result(isDurable: isDurable, endsSend: endsSend, within: Self.timeout, of: work) {
      enqueue($0)
    }
  }

  private func enqueue(_ job: LimiterJob) {
    enum Next {
      case wait, drain
      case refuse(StoreFailure)
    }
    let next: Next = waiting.with { waiting in
      switch waiting.add(job) {
      case .wait: return .wait
      case .drain:
        guard let queue else { return .drain }
        // Under the lock, so that no drain is queued after `close` has queued the end of the connection.
        queue.async { self.drain() }
        return .wait
      case .refuse(let failure): return .refuse(failure)
      }
    }
    switch next {
    case .wait: break
    case .drain: drain()
    case .refuse(let failure): job.fail(failure)
    }
  }

  /// Runs what is waiting, batch by batch, until nothing is left. Runs on the queue.
  private func drain() {
    while true {
      let batch = waiting.with { $0.takeBatch() }
      if batch.isEmpty { return }
      run(batch)
    }
  }

  private func run(_ batch: [LimiterJob]) {
    var jobs = batch.withoutLate(waitingFor: "the database")
    do throws(StoreFailure) {
      for answer in try transact(&jobs) { answer() }
    } catch {
      if error.kind == .corrupt || error.kind == .replaced { waiting.with { $0.end = error } }
      if error.kind == .full { sweep.with { $0.isDue = true } }
      for job in jobs { job.fail(error) }
    }
  }

  /// Runs a batch in one transaction.
  ///
  /// - Parameter jobs: the batch; jobs that need an unreadable record are failed and removed.
  /// - Returns: the closures that answer the callers.
  private func transact(_ jobs: inout [LimiterJob]) throws(StoreFailure) -> [@Sendable () -> Void] {
    if let end = waiting.with({ $0.end }) { throw end }
    let isDurable = jobs.contains(where: \.isDurable)
    try SQLiteFailure.translating {
      try setDurability(isDurable ? durability : .normal)
      try connection.begin()
    }
    do throws(StoreFailure) {
      let (engine, answers) = try LimitEngine.decide(&jobs, in: try SQLiteRecords(connection), at: clock())
      let changes = engine.close()
      if changes > 0 {
        // First, so that expired rows make room in a full file.
        try SQLiteFailure.translating { try prune(now: engine.now, changes: changes) }
        try engine.flush()
      }
      try SQLiteFailure.translating { try connection.commit() }
      // Now and not earlier: whatever was written to a deleted file is lost.
      try checkIdentity()
      checkpointer?.committed(changes)
      return answers
    } catch {
      connection.rollBack()
      throw error
    }
  }

  private func setDurability(_ durability: Durability) throws(SQLiteError) {
    guard currentDurability.with({ $0 }) != durability else { return }
    try connection.execute("PRAGMA synchronous = \(durability.rawValue)")
    currentDurability.with { $0 = durability }
  }

  private func prune(now: Int64, changes: Int) throws(SQLiteError) {
    var sweep = sweep.with { sweep in
      sweep.changed(changes)
      return sweep
    }
    try sweep.run(connection, now: now)
    let swept = sweep
    self.sweep.with { $0 = swept }
  }

  private func checkIdentity() throws(StoreFailure) {
    guard file.identity() == identity else {
      throw StoreFailure(.replaced, "\(file.path) was deleted or replaced while in use")
    }
  }
}
