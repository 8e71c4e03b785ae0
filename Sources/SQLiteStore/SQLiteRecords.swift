internal import FoundationEssentials
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
  }

  private let database: Database
  private var cache: [RecordKey: Cached] = [:]

  init(_ database: Database) {
    self.database = database
  }

  mutating func read(_ key: RecordKey) throws(StoreFailure) -> [UInt8]? {
    try load(key).value
  }

  mutating func write(_ key: RecordKey, _ value: [UInt8], expires: Int64) throws(StoreFailure) {
    var cached = try load(key)
    cached.value = value
    // Rounded up, so that the index on it changes only now and then.
    cached.expires = expires > Int64.max - Self.grain ? expires : (expires / Self.grain + 1) * Self.grain
    cached.isChanged = true
    cache[key] = cached
  }

  mutating func remove(_ key: RecordKey) throws(StoreFailure) {
    var cached = try load(key)
    cached.value = nil
    cached.isChanged = true
    cache[key] = cached
  }

  /// A quarter of an hour.
  private static let grain: Int64 = 900_000

  private mutating func load(_ key: RecordKey) throws(StoreFailure) -> Cached {
    if let cached = cache[key] { return cached }
    let row = try SQLiteFailure.translating {
      try Row.fetchOne(
        database.cachedStatement(sql: "SELECT value, expires FROM record WHERE kind = ? AND key = ?"),
        arguments: [key.kind, Data(key.key)])
    }
    let cached = Cached(
      value: row.map { Array($0[0] as Data) }, expires: row?[1] ?? 0, storedExpiry: row?[1])
    cache[key] = cached
    return cached
  }

  var isChanged: Bool { cache.values.contains(where: \.isChanged) }

  /// Writes what was changed.
  func flush() throws(StoreFailure) {
    for (key, cached) in cache where cached.isChanged {
      try SQLiteFailure.translating {
        try store(key, cached)
      }
    }
  }

  private func store(_ key: RecordKey, _ cached: Cached) throws {
    let name = Data(key.key)
    switch (cached.value, cached.storedExpiry) {
    case (nil, nil): break
    case (nil, _):
      try database.cachedStatement(sql: "DELETE FROM record WHERE kind = ? AND key = ?")
        .execute(arguments: [key.kind, name])
    case (let value?, cached.expires):
      try database.cachedStatement(sql: "UPDATE record SET value = ? WHERE kind = ? AND key = ?")
        .execute(arguments: [Data(value), key.kind, name])
    case (let value?, _):
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO record (kind, key, expires, value) VALUES (?, ?, ?, ?)")
        .execute(arguments: [key.kind, name, cached.expires, Data(value)])
    }
  }
}
