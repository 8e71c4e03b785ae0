package import Limits

/// Decides what a store is asked, inside one transaction that others do not see until it is committed.
///
/// A `CounterStore` is this over a `RecordStore`.
package final class LimitEngine {
  private let store: any RecordStore
  /// The limiter's time of this transaction.
  package let now: Int64
  private let clock: LimiterClock
  /// Whether the clock must be written even if nothing else is.
  private let isNewBoot: Bool
  /// What was read or made.
  private var records: [CounterKey: StoredRecord] = [:]
  /// The one that was asked for last: mostly it is asked for again.
  private var latest: StoredRecord?

  package init(_ store: any RecordStore, at machine: MachineTime) throws(StoreFailure) {
    self.store = store
    let record: StoredRecord
    var clock: LimiterClock
    do throws(StoreFailure) {
      record = try StoredRecord(Self.clockKey, try store.read(Self.clockKey))
      clock = try LimiterClock(record[.clock], machine)
    } catch {
      // Nothing can be counted without it.
      throw error.kind == .damaged ? StoreFailure(.corrupt, "the clock's record cannot be read") : error
    }
    // A boot that is new must be remembered: its time would stand still.
    isNewBoot = !clock.advance(to: machine)
    self.clock = clock
    now = clock.latest
    records[Self.clockKey] = record
  }

  /// One of a store, whatever sites share it; all other keys are keyed hashes, which are longer.
  package static let clockKey = CounterKey([1])

  /// Ends the transaction's changes: time goes on where anything was written. What only looked leaves nothing behind.
  ///
  /// - Returns: how many records are to be written.
  package func close() -> Int {
    let changes = records.values.count { $0.isChanged }
    guard changes > 0 || isNewBoot else { return 0 }
    records[Self.clockKey]?.set(.clock, to: clock.record, expires: .max)
    return changes + 1
  }

  /// Writes what was changed.
  package func flush() throws(StoreFailure) {
    for record in records.values where record.isChanged {
      if let (bytes, expires) = record.encoded(now: now) {
        try store.write(record.key, bytes, expires: expires)
      } else if record.isStored {
        try store.remove(record.key)
      }
    }
  }

  func record(_ key: CounterKey) throws(StoreFailure) -> StoredRecord {
    if let latest, latest.key == key { return latest }
    if let record = records[key] {
      latest = record
      return record
    }
    let record = try StoredRecord(key, try store.read(key))
    records[key] = record
    latest = record
    return record
  }

  func prefetch(_ keys: [CounterKey]) throws(StoreFailure) {
    try store.prefetch(keys.filter { records[$0] == nil })
  }

  /// The record for who removes from it: one that cannot be read is removed as a whole.
  func recordToClear(_ key: CounterKey) throws(StoreFailure) -> StoredRecord {
    do throws(StoreFailure) {
      return try record(key)
    } catch {
      guard error.kind == .damaged else { throw error }
      let record = StoredRecord(inPlaceOf: key)
      records[key] = record
      latest = record
      return record
    }
  }

  /// A record that has nothing in it, whatever the store has of it: it need not be read.
  func newRecord(_ key: CounterKey) -> StoredRecord {
    let record = StoredRecord(inPlaceOf: key)
    records[key] = record
    latest = record
    return record
  }

  func look<Result>(
    at rule: Rule, _ body: (borrowing RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    try record(rule.key).look(at: rule, now: now, body)
  }

  func change<Result>(
    _ rule: Rule, _ body: (inout RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    try record(rule.key).change(rule, now: now, body)
  }

  /// - Parameter body: says what it found, and whether it changed it.
  func withState<Result>(
    of ration: Ration, _ body: (inout RationState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    try record(ration.key).withState(of: ration, body)
  }

  func change(_ ration: Ration, _ body: (inout RationState) -> Void) throws(StoreFailure) {
    try withState(of: ration) { state in
      body(&state)
      return ((), isChanged: true)
    }
  }

  func withBudget<Result>(
    of site: CounterKey, _ body: (inout BudgetState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    try record(site).withBudget(body)
  }

  /// What the owner of a limit, or a range, has verified of late.
  func credit(_ key: CounterKey) throws(StoreFailure) -> Credit {
    try Credit(try record(key)[.credit])
  }

  /// What a net has left unverified of late.
  func debt(_ net: CounterKey) throws(StoreFailure) -> Credit {
    try Credit(try record(net)[.debt])
  }

  func changeDebt(_ net: CounterKey, _ body: (inout Credit) -> Void) throws(StoreFailure) {
    var debt = try debt(net)
    body(&debt)
    try record(net).set(.debt, to: debt.record, expires: debt.expires)
  }

  /// From when on a rule admits the next one, with what was verified of late. A cooldown is none of that.
  ///
  /// - Parameters:
  ///   - isNext: whether it is the message after this one that is asked about.
  ///   - start: before which it does not come.
  func time(_ rule: Rule, isNext: Bool = false, from start: Int64) throws(StoreFailure) -> Int64 {
    try timeAndCount(rule, isNext: isNext, from: start).time
  }

  /// The same with what it has counted.
  func timeAndCount(
    _ rule: Rule, isNext: Bool = false, from start: Int64
  ) throws(StoreFailure) -> (time: Int64, count: Int) {
    guard rule.id.growsWithCredit else {
      let cooldowns = isNext ? rule.cooldownsOfNext : rule.cooldowns
      return try look(at: rule) { ($0.time(rule.limit, cooldowns: cooldowns, from: start), $0.total) }
    }
    let credit = try credit(rule.key)
    return try look(at: rule) { ($0.time(rule.limit, credit, from: start), $0.total) }
  }

  /// What it admits now.
  func limit(_ rule: Rule) throws(StoreFailure) -> Limit {
    rule.id.growsWithCredit ? rule.limit.grown(by: try credit(rule.key).growth(at: now)) : rule.limit
  }

  /// What was counted that is no limit of its own.
  ///
  /// - Parameter limit: has its window.
  func counter(_ tag: FieldTag, of key: CounterKey, _ limit: Limit) throws(StoreFailure) -> RollingCounter {
    guard let bytes = try record(key)[tag] else { return RollingCounter() }
    var counter = try RollingCounter(bytes)
    counter.trim(to: limit, now: now)
    return counter
  }

  /// Changes how often somebody went first, where that is bounded.
  ///
  /// - Parameter proof: whose subject it was.
  func countRank(
    _ rank: SenderRank, _ number: CounterKey, _ proof: CounterKey?, _ rules: [Rule],
    _ body: (inout RollingCounter, Limit) -> Void
  ) throws(StoreFailure) {
    let (tag, key, limit): (FieldTag, CounterKey, Limit)
    switch rank {
    case .trusted:
      guard let rule = rules.first(where: { $0.id == .trustedDay }) else { return }
      (tag, key, limit) = (.trustedSends, number, rule.limit)
    case .first:
      guard let proof else { return }
      (tag, key, limit) = (.proofSends, proof, Self.sendsOfProof)
    case .known, .stranger, .indebted: return
    }
    try changeCounter(tag, of: key, limit) { body(&$0, limit) }
  }

  /// Changes a counter that is no rule's.
  func changeCounter(
    _ tag: FieldTag, of key: CounterKey, _ limit: Limit, _ body: (inout RollingCounter) -> Void
  ) throws(StoreFailure) {
    var counter = try counter(tag, of: key, limit)
    body(&counter)
    guard counter.total > 0 else { return try record(key).remove(tag) }
    var writer = RecordWriter(size: 64)
    counter.put(in: &writer)
    try record(key).set(tag, to: writer.bytes, expires: counter.expires(limit))
  }

  func remove(_ limit: LimitID, of key: CounterKey) throws(StoreFailure) {
    try recordToClear(key).remove(.limit(limit))
  }

  func running(_ number: CounterKey) throws(StoreFailure) -> BrowserList<SendStack> {
    var list = try BrowserList<SendStack>(try record(number)[.running]) { reader throws(StoreFailure) in
      try SendStack(&reader, now: now)
    }
    list.keep { $0.newest != nil }
    return list
  }

  func setRunning(_ list: BrowserList<SendStack>, of number: CounterKey) throws(StoreFailure) {
    guard let last = list.entries.map(\.value.until).max() else { return try record(number).remove(.running) }
    try record(number).set(.running, to: list.record { $0.put(in: &$1) }, expires: last)
  }

  func openSends(_ number: CounterKey) throws(StoreFailure) -> OpenSends {
    try OpenSends(try record(number)[.openSends], now: now)
  }

  func setOpenSends(_ sends: OpenSends, of number: CounterKey) throws(StoreFailure) {
    guard let last = sends.until else { return try record(number).remove(.openSends) }
    try record(number).set(.openSends, to: sends.record, expires: last)
  }

  /// Until when its browser is trusted with its number; 0 for one that is not.
  func trustedUntil(_ pair: ReservationRequest.Pair) throws(StoreFailure) -> Int64 {
    try trusted(pair.number)[pair.browser] ?? 0
  }

  /// Until when each of its browsers is trusted with a number.
  func trusted(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    var list = try everTrusted(number)
    list.keep { $0 > now }
    return list
  }

  /// The same with those that are trusted no longer, as far as they are remembered.
  func everTrusted(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    try BrowserList<Int64>(try record(number)[.trusted]) { reader throws(StoreFailure) in try reader.take() }
  }

  /// Erases what was counted of a number in a browser. Nothing else is kept under that key, so its record goes unread: there
  /// may be one for each of a number's browsers, and each would be another way to the store and back.
  func removeAll(of number: CounterKey, in browser: [UInt8]) {
    let key = number.paired(with: CounterKey(browser))
    latest = StoredRecord(inPlaceOf: key)
    records[key] = latest
  }

  func sent(_ nonce: CounterKey) throws(StoreFailure) -> RunningSend? {
    guard let send = try RunningSend(try record(nonce)[.nonce]), send.until > now else { return nil }
    return send
  }

  func isConsumed(_ code: CounterKey) throws(StoreFailure) -> Bool {
    guard let consumed = try record(code)[.consumed] else { return false }
    var reader = RecordReader(consumed)
    return try reader.take(Int64.self) > now
  }

  /// Whether a number has given credit of late.
  func isCredited(_ number: CounterKey) throws(StoreFailure) -> Bool {
    guard let credited = try record(number)[.credited] else { return false }
    var reader = RecordReader(credited)
    return try reader.take(Int64.self) > now
  }

  func setCredited(_ number: CounterKey) throws(StoreFailure) {
    let until = now + Duration.days(3).milliseconds
    var writer = RecordWriter(size: 8)
    writer.put(until)
    try record(number).set(.credited, to: writer.bytes, expires: until)
  }

  func setConsumed(_ code: CounterKey, until time: Int64) throws(StoreFailure) {
    var writer = RecordWriter(size: 8)
    writer.put(time)
    try record(code).set(.consumed, to: writer.bytes, expires: time)
  }
}
