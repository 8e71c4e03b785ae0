internal import CSQLite
internal import LimitEngine
internal import Limits

/// The records as one open transaction sees them.
struct SQLiteRecords: RecordStore {
  private let select: Statement
  private let replace: Statement
  private let delete: Statement

  init(_ connection: Connection) throws(StoreFailure) {
    (select, replace, delete) = try SQLiteFailure.translating {
      (
        try connection.statement("SELECT value FROM record WHERE key = ?1"),
        // It must work whether or not there is a row: a sweep may have deleted an expired one since it was read. It takes
        // one search where an upsert takes two, because in a table without other indexes the new row simply replaces the
        // old one.
        try connection.statement("REPLACE INTO record (key, value, expires) VALUES (?1, ?2, ?3)"),
        try connection.statement("DELETE FROM record WHERE key = ?1")
      )
    }
  }

  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]? {
    try SQLiteFailure.translating {
      try select.with(key.bytes, at: 1) { () throws(SQLiteError) in
        unsafe try select.step { unsafe blob(0, of: $0) ?? [] }
      }
    }
  }

  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) throws(StoreFailure) {
    try SQLiteFailure.translating {
      try replace.with(key.bytes, at: 1) { () throws(SQLiteError) in
        try replace.with(record, at: 2) { () throws(SQLiteError) in
          try replace.bind(expires, at: 3)
          _ = unsafe try replace.step { _ in }
        }
      }
    }
  }

  func remove(_ key: CounterKey) throws(StoreFailure) {
    try SQLiteFailure.translating {
      try delete.with(key.bytes, at: 1) { () throws(SQLiteError) in _ = unsafe try delete.step { _ in } }
    }
  }
}
