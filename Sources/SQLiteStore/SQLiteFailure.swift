internal import CSQLite
internal import Limits

/// What SQLite's result codes (sqlite.org/rescode.html) mean for the limits.
enum SQLiteFailure {
  static func translating<Value>(_ body: () throws -> Value) throws(StoreFailure) -> Value {
    do {
      return try body()
    } catch let failure as StoreFailure {
      throw failure
    } catch let error as SQLiteError {
      throw translate(error)
    } catch {
      preconditionFailure("the store throws nothing but its own and SQLite's failures, not \(type(of: error))")
    }
  }

  /// What comes of an index of the log that cannot be mapped (sqlite.org/wal.html, "Use of WAL Without Shared-Memory"):
  /// `SQLITE_IOERR_SHMOPEN`, `…SHMSIZE`, `…SHMLOCK` and `…SHMMAP`, macros that Swift cannot read.
  private static let sharedMemory: [CInt] = [18, 19, 20, 21].map { SQLITE_IOERR | $0 << 8 }

  /// `SQLITE_IOERR_SHORT_READ`.
  private static let shortRead = SQLITE_IOERR | 2 << 8

  private static func translate(_ error: SQLiteError) -> StoreFailure {
    if sharedMemory.contains(error.code) {
      return StoreFailure(
        .unsuitable,
        "SQLite \(error.code): the file system has no memory that processes share; put the store "
          + "on a local disk")
    }
    // The index of the log speaks of what is not there: the log was deleted or cut off while a process had it open.
    guard error.code != shortRead else {
      return StoreFailure(
        .corrupt,
        """
        SQLite \(error.code): the database or its log (-wal) was deleted or cut off under way. Reload \
        PinGate (SIGHUP); if that does not help, stop it, delete the database with its -wal and -shm, which sets all limits \
        back, and start it
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
