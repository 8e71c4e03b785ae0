internal import Limits

/// All records of one key, which are one row of the database: a send reads and writes some twenty records, of a third as
/// many keys, and each row of a new key may dirty a page of its own.
///
/// It is read once in a transaction and written once, at the end, however often a batch of charges changes it. Records
/// that nobody asks for stay the bytes that they were; counters and guards stay open once they were looked at.
final class LedgerRow {
  private enum Content {
    case bytes(ArraySlice<UInt8>)
    case counter(RollingCounter)
    case guardState(GuardState)
  }

  private struct Record {
    let tag: RecordTag
    /// From when nobody needs it any more.
    var expires: Int64
    var content: Content
  }

  let key: CounterKey
  /// Whether the store has one.
  let isStored: Bool
  private(set) var isChanged = false
  private var records: [Record] = []

  /// - Parameter bytes: what the store has of it.
  init(_ key: CounterKey, _ bytes: [UInt8]?) throws(StoreFailure) {
    self.key = key
    isStored = bytes != nil
    var reader = RecordReader(bytes ?? [])
    while !reader.isAtEnd {
      let tag = RecordTag(rawValue: try reader.take())
      let expires: Int64 = try reader.take()
      records.append(Record(tag: tag, expires: expires, content: .bytes(try reader.takeSlice())))
    }
  }

  /// An empty row in the place of one that cannot be read.
  init(inPlaceOf key: CounterKey) {
    self.key = key
    isStored = true
    isChanged = true
  }

  /// A record that is neither a counter nor a guard's state; one that is past its time may still be there.
  subscript(tag: RecordTag) -> ArraySlice<UInt8>? {
    guard let index = index(of: tag), case .bytes(let bytes) = records[index].content else { return nil }
    return bytes
  }

  func set(_ tag: RecordTag, to bytes: [UInt8], expires: Int64) {
    isChanged = true
    let record = Record(tag: tag, expires: expires, content: .bytes(bytes[...]))
    if let index = index(of: tag) { records[index] = record } else { records.append(record) }
  }

  func remove(_ tag: RecordTag) {
    isChanged = true
    if let index = index(of: tag) { records.remove(at: index) }
  }

  /// Looks at a counter; an empty one where there is none.
  func look<Result>(
    at rule: Rule, now: Int64, _ body: (borrowing RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    let index = opened(.row(rule.row))
    return try open(counterAt: index) { counter, _ in
      counter.trim(to: rule.limit, now: now)
      return body(counter)
    }
  }

  /// Changes a counter.
  func change<Result>(
    _ rule: Rule, now: Int64, _ body: (inout RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    isChanged = true
    let index = opened(.row(rule.row))
    return try open(counterAt: index) { counter, expires in
      counter.trim(to: rule.limit, now: now)
      let result = body(&counter)
      expires = counter.expires(rule.limit)
      return result
    }
  }

  /// Looks at a guard's state, which `body` says whether it changed.
  func withState<Result>(
    of conversionGuard: ConversionGuard, _ body: (inout GuardState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    let index = opened(.row(conversionGuard.row))
    var state: GuardState
    switch records[index].content {
    case .guardState(let open): state = open
    case .bytes(let bytes): state = try GuardState(bytes)
    case .counter: throw RecordReader.damaged
    }
    // Not held twice while it is changed: that would copy it.
    records[index].content = .bytes([])
    let (result, isChanged) = body(&state)
    if isChanged {
      records[index].expires = state.expires(conversionGuard)
      self.isChanged = true
    }
    records[index].content = .guardState(state)
    return result
  }

  /// What the store is to have of it, and from when that says nothing any more; nil for nothing.
  ///
  /// - Parameter now: what is past its time by then is forgotten.
  func encoded(now: Int64) -> (bytes: [UInt8], expires: Int64)? {
    var writer = RecordWriter(size: 256)
    var last = Int64.min
    for record in records where record.expires > now {
      last = max(last, record.expires)
      writer.put(record.tag.rawValue)
      writer.put(record.expires)
      writer.putField { writer in
        switch record.content {
        case .bytes(let bytes): writer.append(bytes)
        case .counter(let counter): counter.put(in: &writer)
        case .guardState(let state): state.put(in: &writer)
        }
      }
    }
    return last == .min ? nil : (writer.bytes, last)
  }

  private func index(of tag: RecordTag) -> Int? {
    records.firstIndex { $0.tag == tag }
  }

  /// Where a record is; an empty one that is of no use beyond this transaction is made where there is none.
  private func opened(_ tag: RecordTag) -> Int {
    if let index = index(of: tag) { return index }
    records.append(Record(tag: tag, expires: .min, content: .bytes([])))
    return records.count - 1
  }

  private func open<Result>(
    counterAt index: Int, _ body: (inout RollingCounter, _ expires: inout Int64) -> Result
  ) throws(StoreFailure) -> Result {
    var counter: RollingCounter
    switch records[index].content {
    case .counter(let open): counter = open
    case .bytes(let bytes): counter = try RollingCounter(bytes)
    case .guardState: throw RecordReader.damaged
    }
    // Not held twice while it is changed: that would copy it.
    records[index].content = .bytes([])
    let result = body(&counter, &records[index].expires)
    records[index].content = .counter(counter)
    return result
  }
}
