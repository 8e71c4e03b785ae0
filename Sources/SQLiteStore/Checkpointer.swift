internal import CSQLite
internal import Dispatch
internal import Glibc
internal import Threads

/// Checkpoints the write-ahead log, that is, copies it back into the database (sqlite.org/wal.html, "Checkpointing").
/// It uses a connection and a thread of its own, so that no decision waits for it.
///
/// By default, SQLite checkpoints in whichever commit makes the log too long: some 50 ms in which nobody was answered,
/// ten times a second under load. That automatic checkpoint remains for short-lived processes, which have no
/// checkpointer, with a threshold that other processes do not reach.
final class Checkpointer: Sendable {
  private struct State {
    var changes = 0
    var isRunning = false
  }

  private let path: String
  private let durability: String
  private let queue = DispatchQueue(label: "SQLiteStore.Checkpointer", qos: .utility)
  private let state = Locked(State())
  /// Used only on `queue`, and opened when first needed.
  private let connection = Locked<Connection?>(nil)

  /// A checkpoint is due after this many changed rows, which is 10 to 20 MB of log.
  static let dueAfter = 3000
  /// The threshold of SQLite's automatic checkpoint, in pages of 4 KiB.
  static let inlinePages = 8000

  init(path: String, durability: String) {
    self.path = path
    self.durability = durability
  }

  /// Notes how many rows a committed transaction has changed.
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
      // If it fails, SQLite checkpoints the log at a later commit, and a broken database also fails the next
      // transaction.
      try? checkpoint()
      state.with { $0.isRunning = false }
    }
  }

  /// Closes its connection, after a running checkpoint. Call it once nothing is committed any more.
  func close() async {
    await withCheckedContinuation { caller in
      queue.async { [self] in
        connection.with { $0 }?.close()
        caller.resume()
      }
    }
  }

  /// Copies the log while others write, until little is left; then the rest while writers wait. Only a completely
  /// copied log is restarted from its beginning instead of growing.
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
    // The store has the log open. If the log is gone, so is the database, and opening the path would create a new one.
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
