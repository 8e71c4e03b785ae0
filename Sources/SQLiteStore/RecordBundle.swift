internal import Verification

/// All records of one key, which are one row of the database: a send reads and writes some twenty records, of a third as
/// many keys, and each row of a new key dirties a page of its own.
struct RecordBundle {
  private struct Entry {
    let kind: String
    var expires: Int64
    var value: [UInt8]
  }

  private var entries: [Entry] = []

  subscript(kind: String) -> [UInt8]? {
    entries.first { $0.kind == kind }?.value
  }

  /// - Parameter value: nil for none.
  mutating func set(_ kind: String, to value: [UInt8]?, expires: Int64) {
    let index = entries.firstIndex { $0.kind == kind }
    switch (value, index) {
    case (let value?, let index?): entries[index] = Entry(kind: kind, expires: expires, value: value)
    case (let value?, nil): entries.append(Entry(kind: kind, expires: expires, value: value))
    case (nil, let index?): entries.remove(at: index)
    case (nil, nil): break
    }
  }

  /// Forgets the records that are past their time.
  mutating func trim(now: Int64) {
    entries.removeAll { $0.expires <= now }
  }

  var isEmpty: Bool { entries.isEmpty }
  /// From when it holds nothing any more.
  var expires: Int64 { entries.map(\.expires).max() ?? 0 }
}

extension RecordBundle {
  init(_ row: [UInt8]) throws(StoreFailure) {
    var reader = RecordReader(row)
    while !reader.isAtEnd {
      let kind = String(decoding: try reader.takeField(), as: UTF8.self)
      let expires = try reader.take(Int64.self)
      entries.append(Entry(kind: kind, expires: expires, value: try reader.takeField()))
    }
  }

  var bytes: [UInt8] {
    var writer = RecordWriter(size: entries.reduce(0) { $0 + $1.kind.utf8.count + $1.value.count + 12 })
    for entry in entries {
      writer.put(Array(entry.kind.utf8))
      writer.put(entry.expires)
      writer.put(entry.value)
    }
    return writer.bytes
  }
}
