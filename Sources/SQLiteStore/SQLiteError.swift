internal import CSQLite

/// What SQLite said of a call that failed. The statement's text and its values are not in it.
struct SQLiteError: Error {
  /// An extended result code (sqlite.org/rescode.html).
  let code: CInt
  let message: String

  /// The kind of failure, without what the code adds to it.
  var primaryCode: CInt { code & 0xFF }

  init(_ code: CInt) {
    self.code = code
    message = unsafe String(cString: sqlite3_errstr(code))
  }

  /// Of the last call on a connection, at once after it.
  @unsafe
  init(of handle: OpaquePointer) {
    code = unsafe sqlite3_extended_errcode(handle)
    message = unsafe String(cString: sqlite3_errmsg(handle))
  }
}
