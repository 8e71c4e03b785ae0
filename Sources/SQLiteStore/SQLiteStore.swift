internal import CSQLite
internal import Dispatch
internal import Glibc
public import LimitEngine
public import Limits
public import Threads

/// The counters of one machine, in one SQLite file that any number of processes share.
///
/// Write-ahead log, one `BEGIN IMMEDIATE` transaction a batch: whatever arrives in this process while a transaction
/// runs goes into the next one together, so that the price of making it durable is shared. A reservation is on the disk
/// before it is answered (`synchronous=FULL`): a power loss then forgets none. How a send ended is left to the operating
/// system, which is what `.normal` does with all: a crash of the process still loses nothing, a power loss may lose the
/// last seconds. A send that lost its end so stays counted.
///
/// All work is done on one serial queue, never on the cooperative pool; in a program of one thread inline.
/// Waiting for other processes ends after two seconds with `store.busy`, waiting in the queue after three.
///
/// A file that is deleted, replaced or found corrupt under way ends the store: it fails from then on, until another one
/// is opened. A record that cannot be read fails what needs it, and nothing else. A file that is not there when it is opened
/// is made, and is empty: deleting it is how an owner sets everything back to nothing. `isNew` says so, for the log.
public final class SQLiteStore: CounterStore, StoreAdmin {
  public enum Durability: String, Sendable, Hashable {
    case full
    case normal
  }

  /// Whether the file was made by opening it, empty.
  public let isNew: Bool
  private let file: StoreFile
  /// Used on `queue` only, once it is open.
  let connection: Connection
  /// Nil in a program of one thread.
  private let queue: DispatchQueue?
  private let execution: Execution
  /// Nil where there is no thread for it: a program that ends soon leaves that to SQLite.
  private let checkpointer: Checkpointer?
  private let clock: @Sendable () -> MachineTime
  private let durability: Durability
  /// What the connection is set to.
  private let currentDurability: Locked<Durability>
  private let waiting = Locked(WaitingJobs(for: "the database"))
  private let sweep = Locked(Sweep())
  /// Which files were opened.
  private let identity: [UInt64]

  static let timeout: Duration = .seconds(3)

  /// Opens the file, and makes it if there is none. Blocks for up to two seconds when others are busy with it.
  ///
  /// - Parameters:
  ///   - path: in a folder that exists and that not everybody can write to.
  ///   - execution: where the database is worked on.
  ///   - clock: this machine's clocks.
  public convenience init(
    path: String, durability: Durability = .full, execution: Execution = .threads,
    clock: @escaping @Sendable () -> MachineTime
  ) throws(StoreFailure) {
    try self.init(path: path, durability: durability, execution: execution, mostPages: nil, clock: clock)
  }

  /// - Parameter mostPages: a size at which the file counts as full, for tests.
  init(
    path: String, durability: Durability = .full, execution: Execution = .threads, mostPages: Int?,
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
        let connection = try Self.open(file.path, durability, mostPages)
        // The log and its index exist from the first look into the database until nobody has it open any more.
        guard let identity = file.identity() else {
          throw StoreFailure(.replaced, "\(path) was deleted or replaced while it was opened")
        }
        return (connection, identity)
      }
    } catch {
      // SQLite takes a file system that has no locks for one whose locks others hold.
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

  /// The last one that closes a database copies the log back into it and deletes the log. Until then the store's connection
  /// and the checkpointer's keep it open, so they are closed here and not left to their ends.
  public func close() async {
    waiting.with { $0.close() }
    if let queue {
      await withCheckedContinuation { caller in
        // Behind all that waits.
        queue.async { [connection] in
          connection.close()
          caller.resume()
        }
      }
    } else {
      connection.close()
    }
    // After the last commit, which may want a checkpoint.
    await checkpointer?.close()
  }

  /// Tries for two seconds: SQLite does not ask the busy handler when a new file becomes a write-ahead log, because two
  /// that wait for each other there would wait for ever.
  private static func open(_ path: String, _ durability: Durability, _ mostPages: Int?) throws -> Connection {
    let deadline = ContinuousClock.now + .seconds(2)
    while true {
      do {
        // A millisecond a try: SQLite's own waits grow to 100, and others would overtake.
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
        if let mostPages { try connection.execute("PRAGMA max_page_count = \(mostPages)") }
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
    // It reads record by record: that costs nothing here.
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
        // Under the lock, so that none is asked for after `close` and comes behind the end of the connection.
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

  /// Runs what is waiting, batch by batch, until nothing is. On the queue.
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

  /// One transaction.
  ///
  /// - Parameter jobs: those that meet a record which cannot be read are failed and taken out.
  /// - Returns: how the callers are to be answered.
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
        // First, so that what has expired makes room in a file that is full.
        try SQLiteFailure.translating { try prune(now: engine.now, changes: changes) }
        try engine.flush()
      }
      try SQLiteFailure.translating { try connection.commit() }
      // Now and not before: what was written to a file that is gone was written nowhere.
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
      throw StoreFailure(.replaced, "\(file.path) was deleted or replaced under way")
    }
  }
}
