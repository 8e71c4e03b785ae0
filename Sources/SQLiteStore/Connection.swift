internal import CSQLite

/// A connection to a database (sqlite.org/c3ref/sqlite3.html), with the statements that were prepared on it.
///
/// `@unchecked Sendable`: whoever has it lets one thread at a time use it. SQLite is told to rely on that
/// (`SQLITE_OPEN_NOMUTEX`).
@safe final class Connection: @unchecked Sendable {
  /// Says, after so many tries, whether to try again to get a lock that another connection holds
  /// (sqlite.org/c3ref/busy_handler.html).
  typealias BusyHandler = @convention(c) (UnsafeMutableRawPointer?, CInt) -> CInt

  /// Nil once it is closed.
  private var handle: OpaquePointer?
  private var statements: [String: Statement] = [:]

  /// Opens the file, and makes it if there is none.
  init(path: String, busyHandler: BusyHandler) throws(SQLiteError) {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    unsafe handle = opened
    // Even one that could not be opened has to be closed, and knows why it was not.
    guard code == SQLITE_OK, let opened = unsafe opened else {
      defer { unsafe sqlite3_close_v2(opened) }
      unsafe handle = nil
      throw unsafe opened.map { unsafe SQLiteError(of: $0) } ?? SQLiteError(code)
    }
    unsafe sqlite3_busy_handler(opened, busyHandler, nil)
  }

  deinit {
    statements = [:]
    unsafe sqlite3_close_v2(handle)
  }

  /// Lets go of the file. What is done with it afterwards fails.
  func close() {
    statements = [:]
    // With a statement that is in use it would be closed later; none is.
    unsafe sqlite3_close_v2(handle)
    unsafe handle = nil
  }

  /// Runs statements without values, separated by semicolons, whose rows nobody wants.
  func execute(_ sql: String) throws(SQLiteError) {
    let handle = unsafe try open()
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw unsafe SQLiteError(of: handle) }
  }

  /// A statement that is prepared once and kept.
  func statement(_ sql: String) throws(SQLiteError) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = unsafe try Statement(sql, on: open())
    statements[sql] = statement
    return statement
  }

  /// The first value of the first row, as an integer; nil when there is no row.
  func integer(_ sql: String) throws(SQLiteError) -> Int64? {
    unsafe try statement(sql).first { unsafe sqlite3_column_int64($0, 0) }
  }

  private var isInsideTransaction: Bool { unsafe handle.map { unsafe sqlite3_get_autocommit($0) == 0 } ?? false }

  func begin(isImmediate: Bool = true) throws(SQLiteError) {
    try statement(isImmediate ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED").run()
  }

  func commit() throws(SQLiteError) { try statement("COMMIT").run() }

  /// Ends the transaction, if SQLite has not done that by itself. There is nothing to be done about a failure of it.
  func rollBack() {
    if isInsideTransaction { try? statement("ROLLBACK").run() }
  }

  enum Checkpoint {
    case passive, full, truncate

    fileprivate var mode: CInt {
      switch self {
      case .passive: SQLITE_CHECKPOINT_PASSIVE
      case .full: SQLITE_CHECKPOINT_FULL
      case .truncate: SQLITE_CHECKPOINT_TRUNCATE
      }
    }
  }

  /// Copies the write-ahead log into the database (sqlite.org/c3ref/wal_checkpoint_v2.html).
  ///
  /// - Returns: how many frames the log has, and how many of them are copied.
  @discardableResult
  func checkpoint(_ kind: Checkpoint) throws(SQLiteError) -> (frames: Int, copied: Int) {
    // A connection knows of the log once it has read the database, and copies nothing before.
    _ = try integer("PRAGMA schema_version")
    let handle = unsafe try open()
    var (frames, copied): (CInt, CInt) = (0, 0)
    let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, kind.mode, &frames, &copied)
    guard code == SQLITE_OK else { throw unsafe SQLiteError(of: handle) }
    return (Int(frames), Int(copied))
  }

  @unsafe
  private func open() throws(SQLiteError) -> OpaquePointer {
    guard let handle = unsafe handle else { throw SQLiteError(SQLITE_MISUSE) }
    return unsafe handle
  }
}
