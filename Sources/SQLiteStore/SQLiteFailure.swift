internal import GRDB
internal import Limits

/// What SQLite's result codes (sqlite.org/rescode.html) mean for the limits.
enum SQLiteFailure {
  static func translating<Value>(_ body: () throws -> Value) throws(StoreFailure) -> Value {
    do {
      return try body()
    } catch let failure as StoreFailure {
      throw failure
    } catch let error as DatabaseError {
      throw translate(error)
    } catch {
      // GRDB throws nothing else here but what a record of another type would cause.
      throw StoreFailure(.corrupt, "unexpected content: \(type(of: error))")
    }
  }

  /// What comes of an index of the log that cannot be mapped (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
  private static let sharedMemory: [ResultCode] = [
    .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_SHMLOCK,
  ]

  /// The statement's text and arguments are left out.
  private static func translate(_ error: DatabaseError) -> StoreFailure {
    if sharedMemory.contains(error.extendedResultCode) {
      return StoreFailure(
        .unsuitable,
        "SQLite \(error.extendedResultCode.rawValue): the file system has no memory that processes share; put the store "
          + "on a local disk")
    }
    // The index of the log speaks of what is not there: the log was deleted or cut off while a process had it open.
    guard error.extendedResultCode != .SQLITE_IOERR_SHORT_READ else {
      return StoreFailure(
        .corrupt,
        """
        SQLite \(error.extendedResultCode.rawValue): the database or its log (-wal) was deleted or cut off under way. Reload \
        PinGate (SIGHUP); if that does not help, stop it, delete the database with its -wal and -shm, which sets all limits \
        back, and start it
        """)
    }
    let kind: StoreFailure.Kind =
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .busy
      case .SQLITE_FULL: .full
      case .SQLITE_READONLY: .readOnly
      case .SQLITE_IOERR: .inputOutput
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT:
        .corrupt
      case .SQLITE_PERM, .SQLITE_AUTH: .notPermitted
      default: .unavailable
      }
    return StoreFailure(
      kind, "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "\(error.resultCode)")")
  }
}
