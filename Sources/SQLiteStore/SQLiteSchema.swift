internal import Limits

/// The one table, and how a file becomes ours.
enum SQLiteSchema {
  /// "PinG", in the header of the file (`file` shows it).
  static let application: Int32 = 0x5069_6E47
  static let version: Int32 = 5

  /// Makes the table in a new file; refuses another program's file, and a PinGate's that has another form.
  static func prepare(_ connection: Connection) throws {
    // In one transaction, so that all is read of one state: another process may be making it just now.
    if try inTransaction(connection, isImmediate: false, { try isOurs(connection) }) { return }
    try inTransaction(connection, isImmediate: true) {
      // Another process may have made it meanwhile.
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
          "the database has the form \(version); this PinGate knows form \(Self.version). "
            + (isNewer ? "A newer PinGate made it" : "Deleting it sets all limits back"))
      }
      return true
    }
    guard application == 0, version == 0, try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
    else { throw StoreFailure(.incompatible, "the file is another program's database") }
    return false
  }
}
