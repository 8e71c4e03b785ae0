/// All that a store does with its records, inside one transaction that others do not see until it is committed.
///
/// A store that can run Swift inside its transactions (SQLite) is this and a `RecordSpace`. One that cannot (Redis)
/// says the same in its own language; one contract suite holds both to it.
package struct Ledger<Space: RecordSpace> {
  package var space: Space
  /// The limiter's time of this transaction.
  package let now: Int64
  private let clock: LimiterClock
  private var isWritten: Bool

  package init(_ space: Space, at machine: MachineTime) throws(StoreFailure) {
    self.space = space
    var clock = try LimiterClock(try self.space.read(.clock), machine)
    // A boot that is new must be remembered even if nothing else is: its time would stand still.
    isWritten = !clock.advance(to: machine)
    self.clock = clock
    now = clock.latest
  }

  /// Ends the transaction's changes: time goes on where anything was written. What only looked leaves nothing behind.
  package mutating func close() throws(StoreFailure) {
    if isWritten { try space.write(.clock, clock.record, expires: .max) }
  }

  mutating func write(_ key: RecordKey, _ value: [UInt8], expires: Int64) throws(StoreFailure) {
    isWritten = true
    try space.write(key, value, expires: expires)
  }

  mutating func remove(_ key: RecordKey) throws(StoreFailure) {
    isWritten = true
    try space.remove(key)
  }

  mutating func counter(_ rule: Rule) throws(StoreFailure) -> RollingCounter {
    var counter = try RollingCounter(try space.read(rule.record))
    counter.trim(to: rule.limit, now: now)
    return counter
  }

  mutating func running(_ number: CounterKey) throws(StoreFailure) -> BrowserList<SendStack> {
    var list = try BrowserList<SendStack>(try space.read(.running(number))) { reader throws(StoreFailure) in
      try SendStack(&reader, now: now)
    }
    list.keep { $0.newest != nil }
    return list
  }

  mutating func setRunning(_ list: BrowserList<SendStack>, of number: CounterKey) throws(StoreFailure) {
    guard let last = list.entries.map(\.value.until).max() else { return try remove(.running(number)) }
    try write(.running(number), list.record { $0.put(in: &$1) }, expires: last)
  }

  /// Until when a number is known in each of its browsers.
  mutating func known(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    var list = try everKnown(number)
    list.keep { $0 > now }
    return list
  }

  /// The same with those in which it is known no longer, as far as they are remembered.
  mutating func everKnown(_ number: CounterKey) throws(StoreFailure) -> BrowserList<Int64> {
    try BrowserList<Int64>(try space.read(.known(number))) { reader throws(StoreFailure) in try reader.take() }
  }

  /// Erases what was counted of a number in a browser.
  mutating func removeRows(of number: CounterKey, in browser: [UInt8]) throws(StoreFailure) {
    for row in LimitRow.ofKnownNumber {
      try remove(RecordKey(row.rawValue, number.paired(with: CounterKey(browser))))
    }
  }

  mutating func sent(_ nonce: CounterKey) throws(StoreFailure) -> RunningSend? {
    guard let send = try RunningSend(try space.read(.nonce(nonce))), send.until > now else { return nil }
    return send
  }

  /// A mark that holds until a time.
  mutating func isMarked(_ key: RecordKey) throws(StoreFailure) -> Bool {
    guard let record = try space.read(key) else { return false }
    var reader = RecordReader(record)
    return try reader.take(Int64.self) > now
  }

  mutating func mark(_ key: RecordKey, until time: Int64) throws(StoreFailure) {
    var writer = RecordWriter()
    writer.put(time)
    try write(key, writer.bytes, expires: time)
  }
}
