internal import Limits

/// What is kept of a number for each of its browsers, the latest last and only the latest few: one field a number, so
/// that it can be forgotten as a whole.
struct BrowserList<Value: Sendable>: Sendable {
  private(set) var entries: [(browser: [UInt8], value: Value)] = []

  static var mostEntries: Int { 16 }

  subscript(browser: CounterKey) -> Value? {
    get { entries.last { $0.browser == browser.bytes }?.value }
    set {
      entries.removeAll { $0.browser == browser.bytes }
      guard let newValue else { return }
      entries.append((browser.bytes, newValue))
      if entries.count > Self.mostEntries { entries.removeFirst() }
    }
  }

  mutating func keep(where isKept: (Value) -> Bool) {
    entries.removeAll { !isKept($0.value) }
  }
}

extension BrowserList {
  init(
    _ record: ArraySlice<UInt8>?, value: (inout RecordReader) throws(StoreFailure) -> Value
  ) throws(StoreFailure) {
    guard let record else { return }
    var reader = RecordReader(record)
    while !reader.isAtEnd {
      let browser = try reader.takeField()
      // No longer than that it can be half of a key.
      guard 1...32 ~= browser.count, entries.count < Self.mostEntries else { throw RecordReader.damaged }
      entries.append((browser, try value(&reader)))
    }
  }

  func record(value: (Value, inout RecordWriter) -> Void) -> [UInt8] {
    var writer = RecordWriter()
    for entry in entries {
      writer.put(entry.browser)
      value(entry.value, &writer)
    }
    return writer.bytes
  }
}
