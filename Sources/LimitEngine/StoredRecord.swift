internal import Limits

/// All that is kept under one key, in fields: a send reads and writes some twenty fields, of a third as many keys, and each
/// record of a new key may dirty a page of its own.
///
/// It is read once in a transaction and written once, at the end, however often a batch of reservations changes it. Fields
/// that nobody asks for stay the bytes that they were; counters and rations stay open once they were looked at.
final class StoredRecord {
  private enum Content {
    case bytes(ArraySlice<UInt8>)
    case counter(RollingCounter)
    case ration(RationState)
    case budget(BudgetState)
  }

  private struct Field {
    let tag: FieldTag
    /// From when nobody needs it any more.
    var expires: Int64
    var content: Content
  }

  let key: CounterKey
  /// Whether the store has one.
  let isStored: Bool
  private(set) var isChanged = false
  private var fields: [Field] = []

  /// - Parameter bytes: what the store has of it.
  init(_ key: CounterKey, _ bytes: [UInt8]?) throws(StoreFailure) {
    self.key = key
    isStored = bytes != nil
    var reader = RecordReader(bytes ?? [])
    while !reader.isAtEnd {
      let tag = FieldTag(rawValue: try reader.take())
      let expires: Int64 = try reader.take()
      fields.append(Field(tag: tag, expires: expires, content: .bytes(try reader.takeSlice())))
    }
  }

  /// An empty record in the place of one that cannot be read, or need not be.
  init(inPlaceOf key: CounterKey) {
    self.key = key
    isStored = true
    isChanged = true
  }

  /// A field that is neither a counter nor a state of its own type; one that is past its time may still be there.
  subscript(tag: FieldTag) -> ArraySlice<UInt8>? {
    guard let index = index(of: tag), case .bytes(let bytes) = fields[index].content else { return nil }
    return bytes
  }

  func set(_ tag: FieldTag, to bytes: [UInt8], expires: Int64) {
    isChanged = true
    let field = Field(tag: tag, expires: expires, content: .bytes(bytes[...]))
    if let index = index(of: tag) { fields[index] = field } else { fields.append(field) }
  }

  func remove(_ tag: FieldTag) {
    isChanged = true
    if let index = index(of: tag) { fields.remove(at: index) }
  }

  /// Looks at a counter; an empty one where there is none.
  func look<Result>(
    at rule: Rule, now: Int64, _ body: (borrowing RollingCounter) -> Result
  ) throws(StoreFailure) -> Result {
    let index = opened(.limit(rule.id))
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
    let index = opened(.limit(rule.id))
    return try open(counterAt: index) { counter, expires in
      counter.trim(to: rule.limit, now: now)
      let result = body(&counter)
      expires = counter.expires(rule.limit)
      return result
    }
  }

  /// Looks at a ration's state, which `body` says whether it changed.
  func withState<Result>(
    of ration: Ration, _ body: (inout RationState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    let index = opened(.limit(ration.id))
    var state: RationState
    switch take(index) {
    case .ration(let open): state = open
    case .bytes(let bytes):
      state = try read(bytes, backTo: index) { bytes throws(StoreFailure) in try RationState(bytes) }
    case .counter, .budget: throw RecordReader.damaged
    }
    let (result, isChanged) = body(&state)
    if isChanged {
      fields[index].expires = state.expires(ration)
      self.isChanged = true
    }
    fields[index].content = .ration(state)
    return result
  }

  /// The same for how a site's budget is shared out.
  func withBudget<Result>(
    _ body: (inout BudgetState) -> (Result, isChanged: Bool)
  ) throws(StoreFailure) -> Result {
    let index = opened(.budget)
    var state: BudgetState
    switch take(index) {
    case .budget(let open): state = open
    case .bytes(let bytes):
      state = try read(bytes, backTo: index) { bytes throws(StoreFailure) in try BudgetState(bytes) }
    case .counter, .ration: throw RecordReader.damaged
    }
    let (result, isChanged) = body(&state)
    if isChanged {
      fields[index].expires = state.expires
      self.isChanged = true
    }
    fields[index].content = .budget(state)
    return result
  }

  /// What the store is to have of it, and from when that says nothing any more; nil for nothing.
  ///
  /// - Parameter now: what is past its time by then is forgotten.
  func encoded(now: Int64) -> (bytes: [UInt8], expires: Int64)? {
    var writer = RecordWriter(size: 256)
    var last = Int64.min
    for field in fields where field.expires > now {
      last = max(last, field.expires)
      writer.put(field.tag.rawValue)
      writer.put(field.expires)
      writer.putField { writer in
        switch field.content {
        case .bytes(let bytes): writer.append(bytes)
        case .counter(let counter): counter.put(in: &writer)
        case .ration(let state): state.put(in: &writer)
        case .budget(let state): state.put(in: &writer)
        }
      }
    }
    return last == .min ? nil : (writer.bytes, last)
  }

  private func index(of tag: FieldTag) -> Int? {
    // Not through a closure, which would be given a copy of each field.
    for index in fields.indices where fields[index].tag == tag { return index }
    return nil
  }

  /// Where a field is; an empty one that is of no use beyond this transaction is made where there is none.
  private func opened(_ tag: FieldTag) -> Int {
    if let index = index(of: tag) { return index }
    fields.append(Field(tag: tag, expires: .min, content: .bytes([])))
    return fields.count - 1
  }

  /// Takes out what is in a field: held twice while it is changed, it would be copied.
  private func take(_ index: Int) -> Content {
    var content = Content.bytes([])
    swap(&content, &fields[index].content)
    return content
  }

  /// - Parameter index: the field that keeps the bytes if they cannot be read.
  private func read<State>(
    _ bytes: ArraySlice<UInt8>, backTo index: Int, _ state: (ArraySlice<UInt8>) throws(StoreFailure) -> State
  ) throws(StoreFailure) -> State {
    do throws(StoreFailure) {
      return try state(bytes)
    } catch {
      fields[index].content = .bytes(bytes)
      throw error
    }
  }

  private func open<Result>(
    counterAt index: Int, _ body: (inout RollingCounter, _ expires: inout Int64) -> Result
  ) throws(StoreFailure) -> Result {
    var counter: RollingCounter
    switch take(index) {
    case .counter(let open): counter = open
    case .bytes(let bytes):
      counter = try read(bytes, backTo: index) { bytes throws(StoreFailure) in try RollingCounter(bytes) }
    case .ration, .budget: throw RecordReader.damaged
    }
    let result = body(&counter, &fields[index].expires)
    fields[index].content = .counter(counter)
    return result
  }
}
