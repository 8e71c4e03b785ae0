package import Limits

/// All that a store does with its records, inside one transaction that others do not see until it is committed.
///
/// A store is this and a `RowSpace`.
package final class Ledger {
  private let space: any RowSpace
  /// The limiter's time of this transaction.
  package let now: Int64
  private let clock: LimiterClock
  /// Whether the clock must be written even if nothing else is.
  private let isNewBoot: Bool
  /// What was read or made.
  private var rows: [CounterKey: LedgerRow] = [:]
  /// The one that was asked for last: mostly it is asked for again.
  private var latest: LedgerRow?

  package init(_ space: any RowSpace, at machine: MachineTime) throws(StoreFailure) {
    self.space = space
    let row: LedgerRow
    var clock: LimiterClock
    do throws(StoreFailure) {
      row = try LedgerRow(Self.clockKey, try space.read(Self.clockKey))
      clock = try LimiterClock(row[.clock], machine)
    } catch {
      // Nothing can be counted without it.
      throw error.kind == .damaged ? StoreFailure(.corrupt, "the clock's record cannot be read") : error
    }
    // A boot that is new must be remembered: its time would stand still.
    isNewBoot = !clock.advance(to: machine)
    self.clock = clock
    now = clock.latest
    rows[Self.clockKey] = row
  }

  /// One of a store, whatever sites share it; all other keys are keyed hashes, which are longer.
  package static let clockKey = CounterKey([1])

  /// Ends the transaction's changes: time goes on where anything was written. What only looked leaves nothing behind.
  ///
  /// - Returns: how many rows are to be written.
  package func close() -> Int {
    let changes = rows.values.count { $0.isChanged }
    guard changes > 0 || isNewBoot else { return 0 }
    rows[Self.clockKey]?.set(.clock, to: clock.record, expires: .max)
    return changes + 1
  }

  /// Writes what was changed.
  package func flush() throws(StoreFailure) {
    for row in rows.values where row.isChanged {
      if let (bytes, expires) = row.encoded(now: now) {
        try space.write(row.key, bytes, expires: expires)
      } else if row.isStored {
        try space.remove(row.key)
      }
    }
  }

  func row(_ key: CounterKey) throws(StoreFailure) -> LedgerRow {
    if let latest, latest.key == key { return latest }
    if let row = rows[key] {
      latest = row
      return row
    }
    let row = try LedgerRow(key, try space.read(key))
    rows[key] = row
    latest = row
    return row
  }

  /// The row for who removes from it: one that cannot be read is removed as a whole.
  func rowToClear(_ key: CounterKey) throws(StoreFailure) -> LedgerRow {
    do throws(StoreFailure) {
      return try row(key)
    } catch {
      guard error.kind == .damaged else { throw error }
      let row = LedgerRow(inPlaceOf: key)
      rows[key] = row
      latest = row
      return row
    }
  }

  func look<Result>(
    at rule: Rule, _ body: (borrowing RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    try row(rule.key).look(at: rule, now: now, body)
  }

  func change<Result>(
    _ rule: Rule, _ body: (inout RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    try row(rule.key).change(rule, now: now, body)
  }

  /// - Parameter body: says what it found, and whether it changed it.
  func withState<Result>(
    of conversionGuard: ConversionGuard, _ body: (inout GuardState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    try row(conversionGuard.key).withState(of: conversionGuard, body)
  }

  func change(_ conversionGuard: ConversionGuard, _ body: (inout GuardState) -> Void) throws(StoreFailure) {
    try withState(of: conversionGuard) { state in
      body(&state)
      return ((), isChanged: true)
    }
  }

  func remove(_ row: LimitRow, of key: CounterKey) throws(StoreFailure) {
    try rowToClear(key).remove(.row(row))
  }

  func running(_ number: CounterKey) throws(StoreFailure) -> BrowserList<SendStack> {
    var list = try BrowserList<SendStack>(try row(number)[.running]) { reader throws(StoreFailure) in
      try SendStack(&reader, now: now)
    }
    list.keep { $0.newest != nil }
    return list
  }

  func setRunning(_ list: BrowserList<SendStack>, of number: CounterKey) throws(StoreFailure) {
    guard let last = list.entries.map(\.value.until).max() else { return try row(number).remove(.running) }
    try row(number).set(.running, to: list.record { $0.put(in: &$1) }, expires: last)
  }

  func pending(_ number: CounterKey) throws(StoreFailure) -> PendingSends {
    try PendingSends(try row(number)[.pending], now: now)
  }

  func setPending(_ sends: PendingSends, of number: CounterKey) throws(StoreFailure) {
    guard let last = sends.until else { return try row(number).remove(.pending) }
    try row(number).set(.pending, to: sends.record, expires: last)
  }

  /// Until when a number is known in each of its browsers.
  func known(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    var list = try everKnown(number)
    list.keep { $0 > now }
    return list
  }

  /// The same with those in which it is known no longer, as far as they are remembered.
  func everKnown(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    try BrowserList<Int64>(try row(number)[.known]) { reader throws(StoreFailure) in try reader.take() }
  }

  /// Erases what was counted of a number in a browser.
  func removeRows(of number: CounterKey, in browser: [UInt8]) throws(StoreFailure) {
    let key = number.paired(with: CounterKey(browser))
    for row in LimitRow.ofKnownNumber { try remove(row, of: key) }
  }

  func sent(_ nonce: CounterKey) throws(StoreFailure) -> RunningSend? {
    guard let send = try RunningSend(try row(nonce)[.nonce]), send.until > now else { return nil }
    return send
  }

  func isClaimed(_ code: CounterKey) throws(StoreFailure) -> Bool {
    guard let record = try row(code)[.claimed] else { return false }
    var reader = RecordReader(record)
    return try reader.take(Int64.self) > now
  }

  func setClaimed(_ code: CounterKey, until time: Int64) throws(StoreFailure) {
    var writer = RecordWriter(size: 8)
    writer.put(time)
    try row(code).set(.claimed, to: writer.bytes, expires: time)
  }
}
