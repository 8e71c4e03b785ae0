internal import CSQLite
internal import Limits

/// What SQLite said about a failed call, without the statement's text and values.
struct SQLiteError: Error {
  /// An extended result code (sqlite.org/rescode.html).
  let code: CInt
  let message: String

  /// The category of the failure, without the details that the extended code adds.
  var primaryCode: CInt { code & 0xFF }

  init(_ code: CInt) {
    self.code = code
    message = unsafe String(cString: sqlite3_errstr(code))
  }

  /// The error of the last call on a connection. Read it right after that call.
  @unsafe
  init(of handle: OpaquePointer) {
    code = unsafe sqlite3_extended_errcode(handle)
    message = unsafe String(cString: sqlite3_errmsg(handle))
  }
}

/// Maps SQLite's result codes (sqlite.org/rescode.html) to store failures.
enum SQLiteFailure {
  static func translating<Value>(_ body: () throws -> Value) throws(StoreFailure) -> Value {
    do {
      return try body()
    } catch let failure as StoreFailure {
      throw failure
    } catch let error as SQLiteError {
      throw translate(error)
    } catch {
      preconditionFailure("the store throws only its own and SQLite's failures, not \(type(of: error))")
    }
  }

  /// The codes for a log index that cannot be mapped (sqlite.org/wal.html, "Use of WAL Without Shared-Memory"):
  /// `SQLITE_IOERR_SHMOPEN`, `…SHMSIZE`, `…SHMLOCK` and `…SHMMAP`, macros that Swift does not import.
  private static let sharedMemory: [CInt] = [18, 19, 20, 21].map { SQLITE_IOERR | $0 << 8 }

  /// `SQLITE_IOERR_SHORT_READ`.
  private static let shortRead = SQLITE_IOERR | 2 << 8

  private static func translate(_ error: SQLiteError) -> StoreFailure {
    if sharedMemory.contains(error.code) {
      return StoreFailure(
        .unsuitable,
        "SQLite \(error.code): the file system does not support shared memory; put the store "
          + "on a local disk")
    }
    // The log's index refers to frames that are gone: the log was deleted or truncated while a process had it open.
    guard error.code != shortRead else {
      return StoreFailure(
        .corrupt,
        """
        SQLite \(error.code): the database or its log (-wal) was deleted or truncated while in use. Reload \
        PinGate (SIGHUP); if that does not help, stop it, delete the database with its -wal and -shm, which resets all \
        limits, and start it
        """)
    }
    let kind: StoreFailure.Kind =
      switch error.primaryCode {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
      case SQLITE_FULL: .full
      case SQLITE_READONLY: .readOnly
      case SQLITE_IOERR: .inputOutput
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_SCHEMA, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_CONSTRAINT:
        .corrupt
      case SQLITE_PERM, SQLITE_AUTH: .notPermitted
      default: .unavailable
      }
    return StoreFailure(
      kind, "SQLite \(error.code): \(error.message)")
  }
}
