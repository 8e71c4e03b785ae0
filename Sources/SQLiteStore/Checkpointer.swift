internal import CSQLite
internal import Dispatch
internal import Glibc
internal import Threads

/// Copies the write-ahead log back into the database (sqlite.org/wal.html, "Checkpointing"), over a connection and on a
/// thread of its own, so that no decision waits for it.
///
/// SQLite's own way is that the commit which makes the log too long also copies it: some 50 ms in which nobody was
/// answered, ten times a second under load. That remains for processes that live too short to do it here, at a
/// length of the log that others do not reach.
final class Checkpointer: Sendable {
  private struct State {
    var changes = 0
    var isRunning = false
  }

  private let path: String
  private let durability: String
  private let queue = DispatchQueue(label: "SQLiteStore.Checkpointer", qos: .utility)
  private let state = Locked(State())
  /// Used on `queue` only, and made when it is first needed.
  private let connection = Locked<Connection?>(nil)

  /// A checkpoint is due after this many changed rows: 10 to 20 MB of log.
  static let dueAfter = 3000
  /// SQLite's own checkpoint, in pages of 4 KiB.
  static let inlinePages = 8000

  init(path: String, durability: String) {
    self.path = path
    self.durability = durability
  }

  /// Tells it how many rows a transaction changed that was committed.
  func committed(_ changes: Int) {
    let isDue = state.with { state in
      state.changes += changes
      guard state.changes >= Self.dueAfter, !state.isRunning else { return false }
      state.isRunning = true
      state.changes = 0
      return true
    }
    guard isDue else { return }
    queue.async { [self] in
      // A log that stays too long is copied by SQLite at the next commit; a database that is broken is so for that too.
      try? checkpoint()
      state.with { $0.isRunning = false }
    }
  }

  /// Closes its connection, behind a checkpoint that runs. To be called when nothing is committed any more.
  func close() async {
    await withCheckedContinuation { caller in
      queue.async { [self] in
        connection.with { $0 }?.close()
        caller.resume()
      }
    }
  }

  /// Copies what there is while others write, until little is left; then that, while writers wait: only a log that is
  /// copied to its end is begun anew instead of growing.
  private func checkpoint() throws(SQLiteError) {
    let connection = try opened()
    for _ in 0..<4 {
      let (frames, copied) = try connection.checkpoint(.passive)
      if frames - copied < 100 { break }
    }
    try connection.checkpoint(.full)
  }

  private func opened() throws(SQLiteError) -> Connection {
    if let connection = connection.with({ $0 }) { return connection }
    // The store has the log open. Where it is gone, so is the database, and opening it would make another one.
    guard unsafe access(path + "-wal", F_OK) == 0 else { throw SQLiteError(SQLITE_CANTOPEN) }
    let new = unsafe try Connection(path: path) { _, tries in
      usleep(200)
      return tries < 1000 ? 1 : 0
    }
    try new.execute("PRAGMA synchronous = \(durability)")
    connection.with { $0 = new }
    return new
  }
}
