internal import CSQLite

/// A prepared statement (sqlite.org/c3ref/stmt.html), for the thread that uses its connection.
@safe final class Statement {
  /// A value for a parameter of a statement (`?1` is the first).
  enum Value {
    case integer(Int64)
    case blob([UInt8])
  }

  private let handle: OpaquePointer

  /// - Parameter connection: stays open for as long as the statement is used.
  @unsafe
  init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw unsafe SQLiteError(of: connection) }
    unsafe handle = prepared
  }

  deinit {
    unsafe sqlite3_finalize(handle)  // repeats what the last step has said
  }

  /// Runs it to its end.
  func run(_ values: Value...) throws(SQLiteError) {
    _ = unsafe try first(values) { _ in }
  }

  /// Runs it up to its first row.
  ///
  /// - Parameter body: reads the row, if there is one, by `sqlite3_column_…`.
  @unsafe
  func first<Result>(_ values: Value..., body: (OpaquePointer) -> Result) throws(SQLiteError) -> Result? {
    unsafe try first(values, body)
  }

  @unsafe
  private func first<Result>(
    _ values: [Value], _ body: (OpaquePointer) -> Result
  ) throws(SQLiteError) -> Result? {
    defer {
      unsafe sqlite3_reset(handle)  // repeats what the step has said
      unsafe sqlite3_clear_bindings(handle)
    }
    for (index, value) in values.enumerated() {
      try check(bind(value, CInt(index + 1)))
    }
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return unsafe body(handle)
    case SQLITE_DONE: return nil
    default: throw unsafe SQLiteError(of: sqlite3_db_handle(handle))
    }
  }

  private func bind(_ value: Value, _ index: CInt) -> CInt {
    switch value {
    case .integer(let integer): unsafe sqlite3_bind_int64(handle, index, integer)
    // An empty blob is no null.
    case .blob(let bytes) where bytes.isEmpty: unsafe sqlite3_bind_zeroblob(handle, index, 0)
    case .blob(let bytes):
      unsafe bytes.withUnsafeBytes {
        unsafe sqlite3_bind_blob(handle, index, $0.baseAddress, CInt($0.count), Self.copies)
      }
    }
  }

  /// `SQLITE_TRANSIENT`, a macro that Swift cannot read: SQLite makes a copy for itself.
  private static var copies: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  private func check(_ code: CInt) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw unsafe SQLiteError(of: sqlite3_db_handle(handle)) }
  }
}

/// A column of the row that `Statement.first` is at, as bytes. Null when it is empty.
@unsafe
func blob(_ column: CInt, of row: OpaquePointer) -> [UInt8]? {
  let size = unsafe Int(sqlite3_column_bytes(row, column))
  return unsafe sqlite3_column_blob(row, column).map {
    unsafe Array(UnsafeRawBufferPointer(start: $0, count: size))
  }
}
