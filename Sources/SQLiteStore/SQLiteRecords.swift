internal import GRDB
internal import Verification

/// The records of one open transaction: each row is read once and written once, at the end, however often a batch of
/// charges changes it.
struct SQLiteRecords: RecordSpace {
  /// The name of a row. Its two ends tell rows apart: they are keyed hashes, which nobody can choose.
  private struct RowKey: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) {
      var ends: UInt64 = 0
      for byte in bytes.prefix(8) { ends = ends << 8 | UInt64(byte) }
      for byte in bytes.suffix(8) { ends = (ends << 8 | ends >> 56) ^ UInt64(byte) }
      hasher.combine(ends)
    }
  }

  private struct Cached {
    var bundle: RecordBundle
    /// Whether there is a row in the database.
    let isStored: Bool
    var isChanged = false
  }

  private let statements: RecordStatements
  private var cache: [RowKey: Cached] = [:]

  init(_ database: Database) throws(StoreFailure) {
    statements = try SQLiteFailure.translating { try RecordStatements(database) }
  }

  mutating func read(_ key: RecordKey) throws(StoreFailure) -> [UInt8]? {
    let row = RowKey(bytes: key.key)
    try load(row)
    return cache[row]?.bundle[key.kind]
  }

  mutating func write(_ key: RecordKey, _ value: [UInt8], expires: Int64) throws(StoreFailure) {
    try change(key, to: value, expires: expires)
  }

  mutating func remove(_ key: RecordKey) throws(StoreFailure) {
    try change(key, to: nil, expires: 0)
  }

  private mutating func change(_ key: RecordKey, to value: [UInt8]?, expires: Int64) throws(StoreFailure) {
    let row = RowKey(bytes: key.key)
    try load(row)
    cache[row]?.bundle.set(key.kind, to: value, expires: expires)
    cache[row]?.isChanged = true
  }

  private mutating func load(_ key: RowKey) throws(StoreFailure) {
    guard cache[key] == nil else { return }
    let row = try SQLiteFailure.translating { try statements.row(of: key.bytes) }
    cache[key] = Cached(
      bundle: try row.map { row throws(StoreFailure) in try RecordBundle(row) } ?? RecordBundle(), isStored: row != nil)
  }

  /// How many rows are to be written.
  var changes: Int { cache.values.count { $0.isChanged } }

  /// Writes what was changed.
  ///
  /// - Parameter now: the limiter's time.
  func flush(now: Int64) throws(StoreFailure) {
    for (key, cached) in cache where cached.isChanged {
      try SQLiteFailure.translating { try store(key.bytes, cached, now) }
    }
  }

  private func store(_ key: [UInt8], _ cached: Cached, _ now: Int64) throws {
    var bundle = cached.bundle
    bundle.trim(now: now)
    if bundle.isEmpty {
      if cached.isStored { try statements.remove(key) }
    } else {
      try statements.write(key, bundle.bytes, expires: bundle.expires)
    }
  }
}
