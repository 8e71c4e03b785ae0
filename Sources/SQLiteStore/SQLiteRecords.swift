internal import GRDB
internal import Verification

/// The records of one open transaction: each is read once and written once, at the end, however often a batch of
/// charges changes it.
struct SQLiteRecords: RecordSpace {
  private struct Cached {
    var value: [UInt8]?
    var expires: Int64
    /// When the row expires as it stands in the database; nil when there is none.
    let storedExpiry: Int64?
    var isChanged = false

    mutating func change(to value: [UInt8]?, expires: Int64) {
      self.value = value
      self.expires = expires
      isChanged = true
    }
  }

  private let statements: RecordStatements
  private var cache: [RecordKey: Cached] = [:]

  init(_ database: Database) throws(StoreFailure) {
    statements = try SQLiteFailure.translating { try RecordStatements(database) }
  }

  mutating func read(_ key: RecordKey) throws(StoreFailure) -> [UInt8]? {
    try load(key).value
  }

  mutating func write(_ key: RecordKey, _ value: [UInt8], expires: Int64) throws(StoreFailure) {
    // Rounded up, so that the index on it changes only now and then.
    let expires = expires > Int64.max - Self.grain ? expires : (expires / Self.grain + 1) * Self.grain
    try change(key, to: value, expires: expires)
  }

  mutating func remove(_ key: RecordKey) throws(StoreFailure) {
    try change(key, to: nil, expires: 0)
  }

  private mutating func change(_ key: RecordKey, to value: [UInt8]?, expires: Int64) throws(StoreFailure) {
    if cache[key] == nil { _ = try load(key) }
    cache[key]?.change(to: value, expires: expires)
  }

  /// A quarter of an hour.
  private static let grain: Int64 = 900_000

  private mutating func load(_ key: RecordKey) throws(StoreFailure) -> Cached {
    if let cached = cache[key] { return cached }
    let row = try SQLiteFailure.translating { try statements.row(of: key) }
    let cached = Cached(value: row?.value, expires: row?.expires ?? 0, storedExpiry: row?.expires)
    cache[key] = cached
    return cached
  }

  /// How many records are to be written.
  var changes: Int { cache.values.count { $0.isChanged } }

  /// Writes what was changed.
  func flush() throws(StoreFailure) {
    for (key, cached) in cache where cached.isChanged {
      try SQLiteFailure.translating {
        try store(key, cached)
      }
    }
  }

  private func store(_ key: RecordKey, _ cached: Cached) throws {
    switch (cached.value, cached.storedExpiry) {
    case (nil, nil): break
    case (nil, _): try statements.remove(key)
    case (let value?, cached.expires): try statements.write(key, value, expires: nil)
    case (let value?, _): try statements.write(key, value, expires: cached.expires)
    }
  }
}
