internal import CSQLite

/// A connection to a database (sqlite.org/c3ref/sqlite3.html), with a cache of its prepared statements.
///
/// `@unchecked Sendable`: the owner must make sure that one thread at a time uses it. SQLite is told to rely on that
/// (`SQLITE_OPEN_NOMUTEX`).
@safe final class Connection: @unchecked Sendable {
  /// Given the number of attempts so far, returns nonzero to try again to get a lock that another connection holds
  /// (sqlite.org/c3ref/busy_handler.html).
  typealias BusyHandler = @convention(c) (UnsafeMutableRawPointer?, CInt) -> CInt

  /// Nil once it is closed.
  private var handle: OpaquePointer?
  private var statements: [String: Statement] = [:]

  /// Opens the file, creating it if there is none.
  init(path: String, busyHandler: BusyHandler) throws(SQLiteError) {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    unsafe handle = opened
    // Even a connection that failed to open must be closed, and it holds the reason.
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

  /// Closes the file. Any later use of the connection fails.
  func close() {
    statements = [:]
    // A statement still in use would delay this; there is none.
    unsafe sqlite3_close_v2(handle)
    unsafe handle = nil
  }

  /// Runs statements without parameters, separated by semicolons, and ignores their rows.
  func execute(_ sql: String) throws(SQLiteError) {
    let handle = unsafe try open()
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw unsafe SQLiteError(of: handle) }
  }

  /// A statement, prepared once and then cached.
  func statement(_ sql: String) throws(SQLiteError) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = unsafe try Statement(sql, on: open())
    statements[sql] = statement
    return statement
  }

  /// The first value of the first row as an integer; nil if there is no row.
  func integer(_ sql: String) throws(SQLiteError) -> Int64? {
    unsafe try statement(sql).first { unsafe sqlite3_column_int64($0, 0) }
  }

  private var isInsideTransaction: Bool { unsafe handle.map { unsafe sqlite3_get_autocommit($0) == 0 } ?? false }

  func begin(isImmediate: Bool = true) throws(SQLiteError) {
    try statement(isImmediate ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED").run()
  }

  func commit() throws(SQLiteError) { try statement("COMMIT").run() }

  /// Ends the transaction, unless SQLite has already done so. If it fails, there is nothing left to do about it.
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
  /// - Returns: how many frames the log has, and how many of them have been copied.
  @discardableResult
  func checkpoint(_ kind: Checkpoint) throws(SQLiteError) -> (frames: Int, copied: Int) {
    // A connection only knows about the log once it has read the database; before that it copies nothing.
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
