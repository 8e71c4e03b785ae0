package import Limits

/// Messages that wait: a record for the outbox, which says which there are, and one for each of them.
extension LimitEngine {
  /// Puts a message behind the others; one for which there is no room is counted as lost.
  func post(_ message: OutboxMessage) throws(StoreFailure) {
    var outbox = try outbox(message.outbox)
    if outbox.waiting < OutboxMessage.mostWaiting {
      outbox.waiting += 1
      let waiting = WaitingMessage(until: now + OutboxMessage.life.milliseconds, content: message.content)
      append(waiting, to: Outbox.fresh, of: &outbox, message.outbox)
    } else {
      outbox.lost += 1
      outbox.overflow += 1
    }
    try set(outbox, of: message.outbox)
  }

  /// See `OutboxStore.lease`.
  package func lease(_ key: CounterKey, atMost count: Int) throws(StoreFailure) -> OutboxLease {
    var outbox = try outbox(key)
    var lease = OutboxLease()
    if count > 0, outbox.hasWork(now) {
      try prefetch(outbox.keys(atMost: count, of: key, now))
      try dropSettled(&outbox, of: key)
      try take(count, from: &outbox, of: key, into: &lease)
      if outbox.overflow > 0, outbox.toldAt + Outbox.tellingPause <= now {
        (lease.overflow, outbox.overflow, outbox.toldAt) = (outbox.overflow, 0, now)
      }
      try set(outbox, of: key)
    }
    lease.next = outbox.next(now)
    (lease.waiting, lease.lost) = (outbox.waiting, outbox.lost)
    return lease
  }

  /// See `OutboxStore.settle`.
  package func settle(
    _ key: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) throws(StoreFailure) -> Bool {
    var outbox = try outbox(key)
    let line = outbox.lines[Outbox.leased]
    guard line.first..<line.end ~= message.number,
      var waiting = try self.message(message.number, in: Outbox.leased, of: key)
    else { return false }
    remove(message.number, from: Outbox.leased, of: key)
    if message.number == line.first { outbox.lines[Outbox.leased].first += 1 }
    switch end {
    case .delivered: outbox.waiting -= 1
    case .failed where waiting.tries < OutboxMessage.backoff.count:
      waiting.due = now + OutboxMessage.backoff[waiting.tries].milliseconds
      waiting.tries += 1
      append(waiting, to: Outbox.fresh + waiting.tries, of: &outbox, key)
    case .failed, .lost:
      outbox.waiting -= 1
      outbox.lost += 1
    }
    try set(outbox, of: key)
    return true
  }

  /// See `OutboxStore.attend`.
  package func attend(_ key: CounterKey, as name: [UInt8], for time: Duration) throws(StoreFailure) -> Bool {
    var outbox = try outbox(key)
    guard outbox.attendant == name || outbox.attendedUntil <= now else { return false }
    outbox.attendant = time > .zero ? name : []
    outbox.attendedUntil = time > .zero ? now + time.milliseconds : 0
    try set(outbox, of: key)
    return true
  }

  /// One of each line and then the next of each, so that neither those that come nor those that are tried again hold up the
  /// others.
  private func take(
    _ count: Int, from outbox: inout Outbox, of key: CounterKey, into lease: inout OutboxLease
  ) throws(StoreFailure) {
    var taken = -1
    var rest = count
    while rest > 0, taken != 0 {
      taken = 0
      for line in outbox.lines.indices where rest > 0 && outbox.lines[line].isDue(now) {
        let number = outbox.lines[line].first
        let message = try self.message(number, in: line, of: key)
        if let message, message.due > now {
          outbox.lines[line].due = message.due
          continue
        }
        remove(number, from: line, of: key)
        outbox.lines[line].first += 1
        taken += 1
        rest -= 1
        if var message, message.until > now {
          message.due = now + OutboxLease.time.milliseconds
          let leased = append(message, to: Outbox.leased, of: &outbox, key)
          lease.messages.append(
            OutboxLease.Message(number: leased, content: message.content, tries: message.tries))
        } else if line != Outbox.leased || message != nil {
          outbox.waiting -= 1
          outbox.lost += 1
          lease.unreadable += 1
        }
      }
    }
  }

  /// Passes over the positions of leased messages that were settled, some of them at a time.
  private func dropSettled(_ outbox: inout Outbox, of key: CounterKey) throws(StoreFailure) {
    var line = outbox.lines[Outbox.leased]
    let last = min(line.end, line.first + Outbox.mostDropped)
    while line.first < last, try message(line.first, in: Outbox.leased, of: key) == nil { line.first += 1 }
    outbox.lines[Outbox.leased] = line
  }

  @discardableResult
  private func append(
    _ message: WaitingMessage, to line: Int, of outbox: inout Outbox, _ key: CounterKey
  ) -> Int64 {
    let number = outbox.lines[line].end
    newRecord(Outbox.key(of: number, in: line, of: key)).set(.message, to: message.field, expires: message.until)
    // The first of a line tells when to look at it.
    if outbox.lines[line].first == number { outbox.lines[line].due = message.due }
    outbox.lines[line].end += 1
    return number
  }

  /// - Returns: nil for one that is not there or cannot be read.
  private func message(_ number: Int64, in line: Int, of key: CounterKey) throws(StoreFailure) -> WaitingMessage? {
    let message = try legible { () throws(StoreFailure) in
      try record(Outbox.key(of: number, in: line, of: key))[.message].map { field throws(StoreFailure) in
        try WaitingMessage(field)
      }
    }
    return message ?? nil
  }

  private func remove(_ number: Int64, from line: Int, of key: CounterKey) {
    newRecord(Outbox.key(of: number, in: line, of: key)).remove(.message)
  }

  /// One that cannot be read is begun anew: what waited there is lost, but nobody's right PIN fails for it.
  private func outbox(_ key: CounterKey) throws(StoreFailure) -> Outbox {
    guard let bytes = try recordToClear(key)[.outbox] else { return Outbox() }
    return try legible { () throws(StoreFailure) in try Outbox(bytes) } ?? Outbox()
  }

  /// It is kept for as long as a message may wait; how many were lost is forgotten then, too.
  private func set(_ outbox: Outbox, of key: CounterKey) throws(StoreFailure) {
    var outbox = outbox
    // Nobody waits, whatever was pruned meanwhile; and behind settled ones nobody does.
    if outbox.lines.allSatisfy({ $0.isEmpty }) { outbox.waiting = 0 }
    if outbox.waiting == 0 { outbox.forgetSettled() }
    try record(key).set(.outbox, to: outbox.field, expires: now + 2 * OutboxMessage.life.milliseconds)
  }
}

extension OutboxLease.Message {
  /// The records that are read to settle it.
  package func keys(in outbox: CounterKey) -> [CounterKey] {
    [outbox, Outbox.key(of: number, in: Outbox.leased, of: outbox)]
  }
}

/// Which messages wait, in lines: those that are due, a line for each of the times after which they are tried again, and
/// those that somebody has. Times are the limiter's.
///
/// All of a line wait equally long, so the first of each is the first that is due: the record stays small however many there
/// are, and a store needs to find nothing but by its key.
private struct Outbox {
  struct Line {
    /// The number of the first, and that of the next one that comes.
    var first: Int64 = 0
    var end: Int64 = 0
    /// When to look at the first: it is not due earlier.
    var due: Int64 = 0

    var isEmpty: Bool { first == end }

    func isDue(_ now: Int64) -> Bool { !isEmpty && due <= now }
  }

  static let fresh = 0
  static let leased = OutboxMessage.backoff.count + 1
  static let mostDropped: Int64 = 64
  static let tellingPause: Int64 = 3_600_000

  var lines = [Line](repeating: Line(), count: leased + 1)
  var waiting: Int64 = 0
  var lost: Int64 = 0
  /// For how many there was no room since that was told of, and when that was.
  var overflow: Int64 = 0
  var toldAt: Int64 = -tellingPause
  /// Who looks after it; empty for nobody.
  var attendant: [UInt8] = []
  var attendedUntil: Int64 = 0

  init() {}

  init(_ bytes: ArraySlice<UInt8>) throws(StoreFailure) {
    var reader = RecordReader(bytes)
    for line in lines.indices {
      lines[line].first = try reader.takeTime()
      lines[line].end = try reader.takeTime()
      lines[line].due = try reader.takeTime()
      guard lines[line].first <= lines[line].end else { throw RecordReader.damaged }
    }
    waiting = try reader.takeTime()
    lost = try reader.takeTime()
    overflow = try reader.takeTime()
    toldAt = try reader.takeTime() - Self.tellingPause
    attendant = try reader.takeField()
    attendedUntil = try reader.takeTime()
    try reader.finish()
  }

  var field: [UInt8] {
    var writer = RecordWriter(size: 384)
    for line in lines {
      for number in [line.first, line.end, line.due] { writer.put(number) }
    }
    for number in [waiting, lost, overflow, toldAt + Self.tellingPause] { writer.put(max(0, number)) }
    writer.put(attendant)
    writer.put(attendedUntil)
    return writer.bytes
  }

  mutating func forgetSettled() {
    for line in lines.indices { lines[line].first = lines[line].end }
  }

  /// Whether there is anything to take or to tell.
  func hasWork(_ now: Int64) -> Bool {
    lines.contains { $0.isDue(now) } || overflow > 0 && toldAt + Self.tellingPause <= now
  }

  /// When there may be something to take; nil when nothing waits.
  func next(_ now: Int64) -> Duration? {
    lines.filter { !$0.isEmpty }.map { .milliseconds(max(0, $0.due - now)) }.min()
  }

  /// The records of the first messages that may be due, and of those behind which settled ones may be.
  func keys(atMost count: Int, of outbox: CounterKey, _ now: Int64) -> [CounterKey] {
    lines.indices.filter { lines[$0].isDue(now) || $0 == Self.leased }.flatMap { index in
      // Of those that somebody has, settled ones are passed over first.
      let ahead = Int64(count) + (index == Self.leased ? Self.mostDropped : 0)
      return (lines[index].first..<min(lines[index].end, lines[index].first + ahead)).map { number in
        Self.key(of: number, in: index, of: outbox)
      }
    }
  }

  /// The record of a message: beside its outbox's, in the order of the messages.
  static func key(of number: Int64, in line: Int, of outbox: CounterKey) -> CounterKey {
    var writer = RecordWriter(size: 9)
    writer.put(UInt8(line))
    writer.put(number)
    return CounterKey(outbox.bytes + writer.bytes)
  }
}

/// A message in its record.
private struct WaitingMessage {
  /// From when it may be taken.
  var due: Int64 = 0
  var tries = 0
  /// From when it is given up.
  let until: Int64
  let content: [UInt8]

  init(until: Int64, content: [UInt8]) {
    self.until = until
    self.content = content
  }

  init(_ bytes: ArraySlice<UInt8>) throws(StoreFailure) {
    var reader = RecordReader(bytes)
    due = try reader.takeTime()
    tries = Int(try reader.take(UInt8.self))
    until = try reader.takeTime()
    content = try reader.takeField()
    try reader.finish()
    guard tries <= OutboxMessage.backoff.count, content.count <= OutboxMessage.longest else {
      throw RecordReader.damaged
    }
  }

  var field: [UInt8] {
    var writer = RecordWriter(size: content.count + 19)
    writer.put(due)
    writer.put(UInt8(tries))
    writer.put(until)
    writer.put(content)
    return writer.bytes
  }
}
