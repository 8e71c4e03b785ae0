internal import GRDB
internal import Limits

/// The one table, and how a file becomes ours.
enum SQLiteSchema {
  /// "PinG", in the header of the file (`file` shows it).
  static let application: Int32 = 0x5069_6E47
  static let version: Int32 = 5

  /// Makes the table in a new file; refuses another program's file, and a PinGate's that has another form.
  static func prepare(_ database: Database) throws {
    // In one transaction, so that all is read of one state: another process may be making it just now.
    var isPrepared = false
    try database.inTransaction(.deferred) {
      isPrepared = try isOurs(database)
      return .commit
    }
    if isPrepared { return }
    try database.inTransaction(.immediate) {
      // Another process may have made it meanwhile.
      if try isOurs(database) { return .commit }
      try database.execute(
        sql: """
          CREATE TABLE record (
            key BLOB NOT NULL PRIMARY KEY, expires INTEGER NOT NULL, value BLOB NOT NULL
          ) STRICT, WITHOUT ROWID;
          PRAGMA application_id = \(application);
          PRAGMA user_version = \(version);
          """)
      return .commit
    }
  }

  private static func isOurs(_ database: Database) throws -> Bool {
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    let version = try Int32.fetchOne(database, sql: "PRAGMA user_version")
    if application == Self.application {
      guard version == Self.version else {
        let isNewer = (version ?? 0) > Self.version
        throw StoreFailure(
          .incompatible,
          "the database has the form \(version ?? 0); this PinGate knows form \(Self.version). "
            + (isNewer ? "A newer PinGate made it" : "Deleting it sets all limits back"))
      }
      return true
    }
    guard application == 0, version == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    else { throw StoreFailure(.incompatible, "the file is another program's database") }
    return false
  }
}
