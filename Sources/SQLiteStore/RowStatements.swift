internal import GRDB
internal import GRDBSQLite

/// The statements on single rows. GRDB prepares and keeps them; they are run by SQLite's own functions
/// (sqlite.org/c3ref/step.html), because GRDB's general way of fetching a row costs more than the row.
///
/// For one transaction, on GRDB's queue.
struct RowStatements {
  private let select: Statement
  private let write: Statement
  private let delete: Statement

  init(_ database: Database) throws {
    select = try database.cachedStatement(sql: "SELECT value FROM record WHERE key = ?1")
    // Whether or not there is a row: a sweep may have deleted it since it was read, expired. It costs one look for the
    // place, where an upsert takes two, because in a table without another index the new row just takes the old one's.
    write = try database.cachedStatement(sql: "REPLACE INTO record (key, value, expires) VALUES (?1, ?2, ?3)")
    delete = try database.cachedStatement(sql: "DELETE FROM record WHERE key = ?1")
  }

  /// - Returns: the value of that row, or nil when there is none.
  func row(of key: [UInt8]) throws -> [UInt8]? {
    unsafe try Self.run(select, key) { statement in
      let size = unsafe Int(sqlite3_column_bytes(statement, 0))
      // Null when it is empty.
      let value = unsafe sqlite3_column_blob(statement, 0).map {
        unsafe Array(UnsafeRawBufferPointer(start: $0, count: size))
      }
      return value ?? []
    }
  }

  func write(_ key: [UInt8], _ value: [UInt8], expires: Int64) throws {
    unsafe try Self.run(write, key, value: value, expires: expires) { _ in }
  }

  func remove(_ key: [UInt8]) throws {
    unsafe try Self.run(delete, key) { _ in }
  }

  /// - Parameter body: gets the row, if there is one.
  @unsafe
  private static func run<Value>(
    _ statement: Statement, _ key: [UInt8], value: [UInt8]? = nil, expires: Int64? = nil,
    _ body: (SQLiteStatement) -> Value
  ) throws -> Value? {
    let handle = unsafe statement.sqliteStatement
    // Bound without copies: all of it outlives the step, and the reset that lets go of it.
    return unsafe try key.withUnsafeBufferPointer { key in
      unsafe try (value ?? []).withUnsafeBufferPointer { bytes in
        defer {
          unsafe sqlite3_reset(handle)  // repeats what the step has said
          unsafe sqlite3_clear_bindings(handle)
        }
        unsafe try check(bind(key, 1, handle), handle)
        if value != nil { unsafe try check(bind(bytes, 2, handle), handle) }
        if let expires { unsafe try check(sqlite3_bind_int64(handle, 3, expires), handle) }
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return unsafe body(handle)
        case SQLITE_DONE: return nil
        default: throw unsafe failure(handle)
        }
      }
    }
  }

  /// An empty blob is no null.
  @unsafe
  private static func bind(_ bytes: UnsafeBufferPointer<UInt8>, _ index: CInt, _ handle: SQLiteStatement) -> CInt {
    unsafe bytes.isEmpty
      ? sqlite3_bind_zeroblob(handle, index, 0)
      : sqlite3_bind_blob(handle, index, bytes.baseAddress, CInt(bytes.count), nil)
  }

  @unsafe
  private static func check(_ code: CInt, _ handle: SQLiteStatement) throws {
    guard code == SQLITE_OK else { throw unsafe failure(handle) }
  }

  @unsafe
  private static func failure(_ handle: SQLiteStatement) -> DatabaseError {
    let database = unsafe sqlite3_db_handle(handle)
    return unsafe DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database)),
      message: String(cString: sqlite3_errmsg(database)))
  }
}
