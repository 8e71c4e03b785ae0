internal import Limits

/// Sees to it that the Redis has thrown no key away since it was first asked: it may be told to under way (`CONFIG SET
/// maxmemory-policy`), and what was reserved would be forgotten. It asks in each turn, behind the reading of the records, so
/// that nothing is decided after a key had gone.
struct EvictionWatch {
  /// How many keys each run of a server had thrown away when it was first asked: of one, and of those that took its place.
  /// The least that it has said, for `CONFIG RESETSTAT` lets it count anew.
  private var before: [String: Int] = [:]
  private var run: String?
  /// Why nothing is to be asked any more: a key has gone.
  private(set) var end: StoreFailure?

  /// What is sent behind the asking for a turn.
  static let questions = [["INFO", "memory"], ["INFO", "stats"]].map { $0.map { Array($0.utf8) } }

  /// - Parameter run: what names this run of the server that is asked from now on; nil where it does not say.
  mutating func begin(_ run: String?) {
    self.run = run
  }

  /// - Parameter replies: to the questions. A user may be forbidden to ask: then nothing is known.
  /// - Throws: `.unsuitable` while it may throw keys away; `.replaced` for good once it has.
  mutating func check(_ replies: some Collection<RedisReply>) throws(StoreFailure) {
    let answers = replies.map { $0.bytes.map { RedisInformation($0) } }
    guard answers.count == Self.questions.count else { return }
    if let run, let keys = answers[1]?["evicted_keys"].flatMap({ Int($0) }) {
      let least = min(before[run] ?? keys, keys)
      before[run] = least
      if keys > least {
        end = StoreFailure(.replaced, "Redis has thrown keys away under way, and reservations may be among them")
      }
    }
    if let end { throw end }
    try answers[0]?.checkKeepsKeys()
  }
}
