internal import Limits

/// The only table, and how a file becomes PinGate's.
enum SQLiteSchema {
  /// "PinG", stored in the file's header (`file` shows it).
  static let application: Int32 = 0x5069_6E47
  static let version: Int32 = 5

  /// Creates the table in a new file. Refuses another program's file, and a PinGate file with a different format.
  static func prepare(_ connection: Connection) throws {
    // In one transaction, so that everything is read from one state: another process may be creating the table right
    // now.
    if try inTransaction(connection, isImmediate: false, { try isOurs(connection) }) { return }
    try inTransaction(connection, isImmediate: true) {
      // Another process may have created it in the meantime.
      if try isOurs(connection) { return }
      try connection.execute(
        """
        CREATE TABLE record (
          key BLOB NOT NULL PRIMARY KEY, expires INTEGER NOT NULL, value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = \(application);
        PRAGMA user_version = \(version);
        """)
    }
  }

  private static func inTransaction<Value>(
    _ connection: Connection, isImmediate: Bool, _ body: () throws -> Value
  ) throws -> Value {
    try connection.begin(isImmediate: isImmediate)
    do {
      let value = try body()
      try connection.commit()
      return value
    } catch {
      connection.rollBack()
      throw error
    }
  }

  private static func isOurs(_ connection: Connection) throws -> Bool {
    let application = try connection.integer("PRAGMA application_id") ?? 0
    let version = try connection.integer("PRAGMA user_version") ?? 0
    if application == Self.application {
      guard version == Self.version else {
        let isNewer = version > Self.version
        throw StoreFailure(
          .incompatible,
          "the database has format \(version), and this PinGate uses format \(Self.version). "
            + (isNewer ? "A newer PinGate made it" : "Deleting it resets all limits"))
      }
      return true
    }
    guard application == 0, version == 0, try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
    else { throw StoreFailure(.incompatible, "the file is another program's database") }
    return false
  }
}
