internal import CSQLite

/// The statements on single rows, for one transaction.
struct RecordStatements {
  private let select: Statement
  private let write: Statement
  private let delete: Statement

  init(_ connection: Connection) throws(SQLiteError) {
    select = try connection.statement("SELECT value FROM record WHERE key = ?1")
    // Whether or not there is a row: a sweep may have deleted it since it was read, expired. It costs one look for the
    // place, where an upsert takes two, because in a table without another index the new row just takes the old one's.
    write = try connection.statement("REPLACE INTO record (key, value, expires) VALUES (?1, ?2, ?3)")
    delete = try connection.statement("DELETE FROM record WHERE key = ?1")
  }

  /// - Returns: the value of that row, or nil when there is none.
  func record(of key: [UInt8]) throws(SQLiteError) -> [UInt8]? {
    try select.with(key, at: 1) { () throws(SQLiteError) in unsafe try select.step { unsafe blob(0, of: $0) ?? [] } }
  }

  func write(_ key: [UInt8], _ value: [UInt8], expires: Int64) throws(SQLiteError) {
    try write.with(key, at: 1) { () throws(SQLiteError) in
      try write.with(value, at: 2) { () throws(SQLiteError) in
        try write.bind(expires, at: 3)
        _ = unsafe try write.step { _ in }
      }
    }
  }

  func remove(_ key: [UInt8]) throws(SQLiteError) {
    try delete.with(key, at: 1) { () throws(SQLiteError) in _ = unsafe try delete.step { _ in } }
  }
}
