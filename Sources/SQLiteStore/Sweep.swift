internal import FoundationEssentials
internal import GRDB

/// Deletes expired rows as others are changed: it goes through the file, from a place on that is drawn by lot, and looks
/// at twice as many rows as were changed meanwhile. So the file stays below some twice of what is alive.
///
/// An index by expiry would find them all, and cost each new row a second page that has to be written.
struct Sweep: Sendable {
  /// With a process's first change, which may be its only one, and after the file was full.
  var isDue = true
  private var changes = 0
  /// Up to where it has come.
  private var place = Data((0..<3).map { _ in UInt8.random(in: .min ... .max) })

  /// After how many changed rows it is due.
  static let interval = 256

  mutating func changed(_ count: Int) {
    changes += count
    if changes >= Self.interval { isDue = true }
  }

  /// Goes on, if it is due. At the end of the file it begins at the front.
  ///
  /// - Parameter now: the limiter's time.
  mutating func run(_ database: Database, now: Int64) throws {
    guard isDue else { return }
    let count = 2 * max(changes, Self.interval)
    isDue = false
    changes = 0
    let start = place
    let seen = try advance(database, count, now: now)
    guard seen < count else { return }
    place = Data()
    try advance(database, count - seen, now: now, to: start)
  }

  /// - Parameter end: where it ends at the latest.
  /// - Returns: how many rows were looked at.
  @discardableResult
  private mutating func advance(_ database: Database, _ count: Int, now: Int64, to end: Data? = nil) throws -> Int {
    let span = try Row.fetchOne(
      database.cachedStatement(
        sql: "SELECT count(*), max(key) FROM (SELECT key FROM record WHERE key >= ? ORDER BY key LIMIT ?)"),
      arguments: [place, count])
    guard let span, let seen = span[0] as Int?, seen > 0, var last = span[1] as Data? else { return 0 }
    if let end, end.lexicographicallyPrecedes(last) { last = end }
    try database.cachedStatement(sql: "DELETE FROM record WHERE key BETWEEN ? AND ? AND expires <= ?")
      .execute(arguments: [place, last, now])
    place = last
    return seen
  }
}
