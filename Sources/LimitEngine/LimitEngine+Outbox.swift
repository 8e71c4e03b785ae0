package import Limits

/// Messages that wait: a record for the outbox, which says which there are, and one for each of them.
extension LimitEngine {
  /// Puts a message behind the others; one for which there is no room is counted as lost.
  func post(_ message: OutboxMessage) throws(StoreFailure) {
    var outbox = try outbox(message.outbox)
    if outbox.end - outbox.first < OutboxMessage.mostWaiting {
      let expires = now + OutboxMessage.life.milliseconds
      newRecord(Outbox.key(of: outbox.end, in: message.outbox)).set(.message, to: message.content, expires: expires)
      outbox.end += 1
    } else {
      outbox.lost += 1
    }
    try set(outbox, of: message.outbox)
  }

  /// See `OutboxStore.lease`.
  package func lease(
    _ key: CounterKey, atMost count: Int, for time: Duration, id: [UInt8]
  ) throws(StoreFailure) -> OutboxLease {
    var outbox = try outbox(key)
    guard outbox.first < outbox.end else { return OutboxLease(id: id, lost: outbox.lost) }
    let earliest = max(outbox.leasedUntil, outbox.due)
    guard earliest <= now else {
      return OutboxLease(id: id, next: .milliseconds(earliest - now), lost: outbox.lost)
    }
    var messages: [[UInt8]?] = []
    for number in outbox.first..<min(outbox.end, outbox.first + Int64(count)) {
      let content = try legible { () throws(StoreFailure) in
        try record(Outbox.key(of: number, in: key))[.message].map(Array.init)
      }
      messages.append(content ?? nil)
    }
    (outbox.lease, outbox.leasedUntil) = (id, now + time.milliseconds)
    try set(outbox, of: key)
    return OutboxLease(id: id, messages: messages, tries: Int(outbox.tries), next: .zero, lost: outbox.lost)
  }

  /// See `OutboxStore.settle`.
  package func settle(_ key: CounterKey, _ settlement: OutboxSettlement) throws(StoreFailure) -> Bool {
    var outbox = try outbox(key)
    guard outbox.lease == settlement.lease, outbox.end - outbox.first >= Int64(settlement.done) else { return false }
    for _ in 0..<settlement.done { removeFirst(&outbox, of: key) }
    outbox.lost += Int64(settlement.lost)
    switch settlement.next {
    case .untried: break
    case .again(let wait):
      outbox.tries += 1
      outbox.due = now + wait.milliseconds
    case .lost:
      removeFirst(&outbox, of: key)
      outbox.lost += 1
    }
    (outbox.lease, outbox.leasedUntil) = ([], 0)
    try set(outbox, of: key)
    return true
  }

  private func removeFirst(_ outbox: inout Outbox, of key: CounterKey) {
    guard outbox.first < outbox.end else { return }
    newRecord(Outbox.key(of: outbox.first, in: key)).remove(.message)
    outbox.first += 1
    (outbox.tries, outbox.due) = (0, 0)
  }

  /// One that cannot be read is begun anew: what waited there is lost, but nobody's right PIN fails for it.
  private func outbox(_ key: CounterKey) throws(StoreFailure) -> Outbox {
    guard let bytes = try recordToClear(key)[.outbox] else { return Outbox() }
    return try legible { () throws(StoreFailure) in try Outbox(bytes) } ?? Outbox()
  }

  /// It is kept for as long as a message may wait; how many were lost is forgotten then, too.
  private func set(_ outbox: Outbox, of key: CounterKey) throws(StoreFailure) {
    try record(key).set(.outbox, to: outbox.field, expires: now + 2 * OutboxMessage.life.milliseconds)
  }
}

/// Which messages wait, and who has them. Times are the limiter's.
private struct Outbox {
  /// The number of the oldest, and that of the next one that comes.
  var first: Int64 = 0
  var end: Int64 = 0
  /// How often the oldest was tried, and from when it may be tried again.
  var tries: Int64 = 0
  var due: Int64 = 0
  /// Who has the oldest ones; empty for nobody.
  var lease: [UInt8] = []
  var leasedUntil: Int64 = 0
  var lost: Int64 = 0

  init() {}

  init(_ bytes: ArraySlice<UInt8>) throws(StoreFailure) {
    var reader = RecordReader(bytes)
    first = try reader.takeTime()
    end = try reader.takeTime()
    tries = try reader.takeTime()
    due = try reader.takeTime()
    lease = try reader.takeField()
    leasedUntil = try reader.takeTime()
    lost = try reader.takeTime()
    try reader.finish()
    guard first <= end else { throw RecordReader.damaged }
  }

  var field: [UInt8] {
    var writer = RecordWriter(size: 80)
    for number in [first, end, tries, due] { writer.put(number) }
    writer.put(lease)
    for number in [leasedUntil, lost] { writer.put(number) }
    return writer.bytes
  }

  /// The record of a message: beside its outbox's, in the order of the messages.
  static func key(of number: Int64, in outbox: CounterKey) -> CounterKey {
    var writer = RecordWriter(size: 8)
    writer.put(number)
    return CounterKey(outbox.bytes + writer.bytes)
  }
}
