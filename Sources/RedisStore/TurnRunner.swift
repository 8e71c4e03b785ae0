internal import Glibc
internal import HostNames
internal import LimitEngine
internal import Limits
internal import Threads

/// Decides the waiting jobs, one batch per turn of this process. It is confined to one thread.
final class TurnRunner {
  private let address: RedisAddress
  private let connector: RedisConnector
  private let names: RecordNames
  private let clock: @Sendable () -> MachineTime
  private let usesServerTime: Bool
  private let warn: @Sendable (RedisWarning) -> Void
  /// Identifies this process in the queue; random.
  private let process = CounterKey(Reservation.newID())

  private var connection: RedisConnection?
  private var turn: Turn?
  private var memory = StoreMemory()
  private var evictions = EvictionWatch()
  private var warned: Set<RedisWarning> = []
  private var nextConnect = ContinuousClock.now
  private var lastFailure = StoreFailure(.unavailable, "not connected")
  /// The position in the queue when it last asked; nil if it is not queued.
  private var position: Int?
  /// Whether others had the turn when this process asked for its last one.
  private var isShared = false
  /// How long the last request for a turn took.
  private var roundTrip = Duration.zero

  /// For how long after a failed connection attempt all operations fail at once.
  static let reconnectDelay: Duration = .milliseconds(100)
  /// Redis's own expiry follows the wall clock: if that jumps by a day, no counter may disappear early.
  static let slack: Int64 = 26 * 3_600_000
  /// No record is kept longer than this; limits end long before.
  static let longestLife: Int64 = 10 * 366 * 86_400_000

  init(
    _ address: RedisAddress, usesServerTime: Bool, execution: Execution,
    warn: @escaping @Sendable (RedisWarning) -> Void, clock: @escaping @Sendable () -> MachineTime
  ) {
    self.address = address
    self.usesServerTime = usesServerTime
    self.warn = warn
    self.clock = clock
    connector = RedisConnector(address: address, resolver: HostResolver(execution))
    names = RecordNames(prefix: address.prefix)
  }

  /// Creates a batch of these jobs.
  func batch(_ jobs: [LimiterJob]) -> TurnBatch {
    var batch = TurnBatch(names)
    batch.add(jobs)
    return batch
  }

  /// Asks for the turn once. If it is granted, the whole batch is decided and answered, and the batch is empty
  /// afterwards. If others have it, this waits a moment.
  func step(_ batch: inout TurnBatch) {
    batch.dropLate()
    guard !batch.isEmpty else { return }
    do throws(StoreFailure) {
      if try ask(&batch) { batch.removeAll() }
    } catch {
      leave(error)
      for job in batch.jobs { job.fail(error) }
      batch.removeAll()
    }
  }

  /// Closes the connection.
  func close() {
    turn = nil
    connection = nil
  }

  /// - Parameter batch: jobs that need an unreadable record are failed and removed.
  /// - Returns: whether the batch has been answered.
  private func ask(_ batch: inout TurnBatch) throws(StoreFailure) -> Bool {
    // What fails for good needs no turn.
    if let end = evictions.end { throw end }
    let turn = try connected()
    let isNext = expectsTurn
    let wanted = [names.head] + (memory.leavesMark ? [names.mark(process)] : []) + batch.recordNames
    let asked = ContinuousClock.now
    let asking = try turn.take(isNext ? wanted : [], also: isNext ? EvictionWatch.questions : [])
    roundTrip = .now - asked
    guard case .given(let time, var records) = asking.answer else {
      guard case .queued(let position) = asking.answer else { throw Turn.malformed }
      self.position = position
      isShared = true
      usleep(UInt32(300 + 500 * min(position, 8)))
      return false
    }
    if position == nil { isShared = false }
    position = nil
    var news = asking.also
    if !isNext {
      (records, news) = try turn.read(wanted, also: EvictionWatch.questions)
    }
    try evictions.check(news)
    let own = TurnRecords(
      Dictionary(uniqueKeysWithValues: zip(batch.keys, records[(wanted.count - batch.keys.count)...])),
      readMore: { [names] keys throws(StoreFailure) in try turn.read(keys.map(names.record)).records })
    let known = try storeKnown(by: records[0])
    var mark = memory.leavesMark ? try markTime(records[1]) : 0

    var machine = clock()
    if usesServerTime { machine = MachineTime(boot: machine.boot, sinceBoot: machine.sinceBoot, wall: time) }
    let (engine, answers) = try batch.withJobs { jobs throws(StoreFailure) in
      try LimitEngine.decide(&jobs, in: own, at: machine)
    }
    if memory.leavesMark { try checkMark(mark, now: engine.now) }
    guard engine.close() > 0 else {
      try turn.end()
      // If replicas have to confirm, what was read may not have reached any of them yet.
      if let known, address.confirmations == 0 {
        memory.note(identity: known.identity, write: known.write, mark: mark, now: engine.now)
      }
      for answer in answers { answer() }
      return true
    }
    try engine.flush()
    var written = known ?? .made(at: engine.now)
    written.write = engine.now
    // Removals first: they make room in a full Redis (see `TurnScript.put`).
    let ordered = own.changes.filter { $0.record == nil } + own.changes.filter { $0.record != nil }
    var changes = ordered.map { change in
      (name: names.record(change.key), record: change.record, life: Self.life(change.expires, now: engine.now))
    }
    changes.append((name: names.head, record: written.bytes, life: 0))
    if memory.leavesMark, mark + StoreMemory.mayBeLost <= engine.now {
      mark = engine.now
      changes.append(
        (name: names.mark(process), record: Array("\(mark)".utf8), life: StoreMemory.markLife + Self.slack))
    }
    guard try turn.put(changes, confirmations: address.confirmations) else { return false }
    memory.note(identity: written.identity, write: written.write, mark: mark, now: engine.now)
    for answer in answers { answer() }
    return true
  }

  /// Whether to request the records together with the turn. A process that has to wait would have them read in vain;
  /// one that is far away and about to get the turn would otherwise hold it for a second round trip.
  private var expectsTurn: Bool {
    guard let position else { return !isShared }
    return position <= 1 && roundTrip >= .milliseconds(1)
  }

  static func life(_ expires: Int64, now: Int64) -> Int64 {
    expires == .max ? 0 : min(max(1, expires - now), longestLife - slack) + slack
  }

  // MARK: Whether it is the same store

  /// - Returns: nil if the store is empty, and may be.
  private func storeKnown(by record: [UInt8]?) throws(StoreFailure) -> StoreHead? {
    guard let record else {
      guard memory.identity.isEmpty else { throw StoreFailure(.replaced, "Redis: replaced by an empty store") }
      return nil
    }
    let head = try StoreHead(record)
    guard !memory.identity.isEmpty else { return head }
    guard head.identity == memory.identity else { throw StoreFailure(.replaced, "Redis: replaced by another store") }
    guard head.write >= memory.write.settled else {
      throw StoreFailure(
        .replaced, "Redis: replaced by an older copy of itself, \(memory.write.settled - head.write) ms behind")
    }
    return head
  }

  private func markTime(_ record: [UInt8]?) throws(StoreFailure) -> Int64 {
    guard let record else { return 0 }
    guard let time = Int64(String(decoding: record, as: UTF8.self)), 0...RecordReader.mostTime ~= time else {
      throw StoreFailure(.corrupt, "Redis: the mark cannot be read")
    }
    return time
  }

  /// Checks this process's own mark. Nobody else writes it, so in an older copy of the store it is older or missing, no
  /// matter who has written to that copy since. After a day it may have expired.
  private func checkMark(_ time: Int64, now: Int64) throws(StoreFailure) {
    let settled = memory.mark.settled
    guard time < settled, time > 0 || now - settled < StoreMemory.markLife else { return }
    throw StoreFailure(.replaced, "Redis: replaced by an older copy of itself")
  }

  // MARK: The connection

  private func connected() throws(StoreFailure) -> Turn {
    // A connection that Redis has closed in the meantime, or that has unexpected data, is not reused.
    if let turn, let connection, connection.isQuiet { return turn }
    close()
    guard nextConnect <= .now else { throw lastFailure }
    do throws(StoreFailure) {
      let new = try connector.connect()
      if let warning = new.warning, warned.insert(warning).inserted { warn(warning) }
      let turn = Turn(new.connection, names, new.scripts, process: process)
      (connection, self.turn) = (new.connection, turn)
      evictions.begin(new.run)
      position = nil
      return turn
    } catch {
      lastFailure = error
      nextConnect = .now + Self.reconnectDelay
      throw error
    }
  }

  /// Gives up the turn after a failure, so that others and later operations can go on.
  private func leave(_ failure: StoreFailure) {
    switch failure.kind {
    case .full, .damaged, .incompatible, .unsuitable, .notPermitted, .corrupt:
      // If this fails, the turn ends by itself soon.
      if (try? turn?.end()) == nil { close() }
    case .unconfirmed: break
    case .replaced:
      // Redis works, and other processes may own its data: they need not wait for the lease to end.
      try? turn?.end()  // It ends by itself anyway.
      close()
    // Another server may be the primary by now, or this one may have been replaced; and late replies must not be taken
    // for replies to other commands.
    default: close()
    }
  }
}
