internal import CSQLite

/// Deletes expired rows as other rows are changed: it walks through the file from a random starting position, and looks
/// at twice as many rows as were changed in the meantime. So the file stays below about twice the size of its live
/// rows.
///
/// An index on the expiry time would find all of them, but cost each new row a second page write.
struct Sweep: Sendable {
  /// Due with a process's first change, which may be its only one, and after the file was full.
  var isDue = true
  private var changes = 0
  /// How far it has come.
  private var cursor: [UInt8] = (0..<3).map { _ in UInt8.random(in: .min ... .max) }

  /// The number of changed rows after which it is due.
  static let interval = 256

  mutating func changed(_ count: Int) {
    changes += count
    if changes >= Self.interval { isDue = true }
  }

  /// Continues the sweep if it is due. At the end of the file it starts again from the beginning.
  ///
  /// - Parameter now: the limit engine's time, in milliseconds.
  mutating func run(_ connection: Connection, now: Int64) throws(SQLiteError) {
    guard isDue else { return }
    let count = 2 * max(changes, Self.interval)
    isDue = false
    changes = 0
    let start = cursor
    let seen = try advance(connection, count, now: now)
    guard seen < count else { return }
    cursor = []
    try advance(connection, count - seen, now: now, to: start)
  }

  /// - Parameter end: the key to stop at, at the latest.
  /// - Returns: how many rows were looked at.
  @discardableResult
  private mutating func advance(
    _ connection: Connection, _ count: Int, now: Int64, to end: [UInt8]? = nil
  ) throws(SQLiteError) -> Int {
    let span = unsafe try connection.statement(
      "SELECT count(*), max(key) FROM (SELECT key FROM record WHERE key >= ?1 ORDER BY key LIMIT ?2)"
    ).first(.blob(cursor), .integer(Int64(count))) {
      unsafe (seen: Int(sqlite3_column_int64($0, 0)), last: blob(1, of: $0))
    }
    guard let seen = span?.seen, seen > 0, var last = span?.last else { return 0 }
    if let end, end.lexicographicallyPrecedes(last) { last = end }
    try connection.statement("DELETE FROM record WHERE key BETWEEN ?1 AND ?2 AND expires <= ?3")
      .run(.blob(cursor), .blob(last), .integer(now))
    cursor = last
    return seen
  }
}
