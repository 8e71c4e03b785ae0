internal import CSQLite

/// A prepared statement (sqlite.org/c3ref/stmt.html). It is confined to the thread that uses its connection.
@safe final class Statement {
  /// A value for a parameter of a statement (`?1` is the first).
  enum Value {
    case integer(Int64)
    case blob([UInt8])
  }

  private let handle: OpaquePointer

  /// - Parameter connection: must stay open as long as the statement is used.
  @unsafe
  init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw unsafe SQLiteError(of: connection) }
    unsafe handle = prepared
  }

  deinit {
    unsafe sqlite3_finalize(handle)  // It only repeats the error of the last step.
  }

  /// Runs the statement to its end.
  func run(_ values: Value...) throws(SQLiteError) {
    _ = try bound(values[...]) { () throws(SQLiteError) in unsafe try step { _ in } }
  }

  /// Runs the statement up to its first row.
  ///
  /// - Parameter body: reads the row, if there is one, with `sqlite3_column_…`.
  @unsafe
  func first<Result>(_ values: Value..., body: (OpaquePointer) -> Result) throws(SQLiteError) -> Result? {
    try bound(values[...]) { () throws(SQLiteError) in unsafe try step(body) }
  }

  private func bound<Result>(
    _ values: ArraySlice<Value>, _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    guard let value = values.first else { return try body() }
    func rest() throws(SQLiteError) -> Result { try bound(values.dropFirst(), body) }
    switch value {
    case .integer(let integer):
      try bind(integer, at: values.startIndex + 1)
      return try rest()
    case .blob(let bytes): return try with(bytes, at: values.startIndex + 1, rest)
    }
  }

  func bind(_ integer: Int64, at index: Int) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_int64(handle, CInt(index), integer))
  }

  /// Binds bytes without copying them: the statement runs within `body`, and the binding is cleared before that ends
  /// (`step`).
  func with<Result>(
    _ bytes: [UInt8], at index: Int, _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    let result: Swift.Result<Result, SQLiteError> = unsafe bytes.withUnsafeBytes { buffer in
      do throws(SQLiteError) {
        // An empty blob must not become null. A nil destructor means `SQLITE_STATIC`.
        let code =
          unsafe buffer.isEmpty
          ? sqlite3_bind_zeroblob(handle, CInt(index), 0)
          : sqlite3_bind_blob(handle, CInt(index), buffer.baseAddress, CInt(buffer.count), nil)
        try check(code)
        return .success(try body())
      } catch {
        // The statement may not have run, and must not keep a dangling pointer.
        unsafe sqlite3_clear_bindings(handle)
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Runs the statement with its bound values up to its first row, and then clears the bindings.
  ///
  /// - Parameter body: as for `first`.
  @unsafe
  func step<Result>(_ body: (OpaquePointer) -> Result) throws(SQLiteError) -> Result? {
    defer {
      unsafe sqlite3_reset(handle)  // It only repeats the error of the step.
      unsafe sqlite3_clear_bindings(handle)
    }
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return unsafe body(handle)
    case SQLITE_DONE: return nil
    default: throw unsafe SQLiteError(of: sqlite3_db_handle(handle))
    }
  }

  private func check(_ code: CInt) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw unsafe SQLiteError(of: sqlite3_db_handle(handle)) }
  }
}

/// A column of the current row as bytes; nil if it is empty or null.
@unsafe
func blob(_ column: CInt, of row: OpaquePointer) -> [UInt8]? {
  let size = unsafe Int(sqlite3_column_bytes(row, column))
  return unsafe sqlite3_column_blob(row, column).map {
    unsafe Array(UnsafeRawBufferPointer(start: $0, count: size))
  }
}
