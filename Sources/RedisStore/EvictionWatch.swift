internal import Limits

/// Makes sure that Redis has not evicted any key since it was first asked. Its policy can change at run time (`CONFIG
/// SET maxmemory-policy`), and reservations would then be forgotten. It asks in each turn, after the records are read,
/// so that no decision is made once a key is gone.
struct EvictionWatch {
  /// How many keys each run of a server had evicted when it was first asked, for the first server and any that replaced
  /// it. It is the lowest number ever reported, because `CONFIG RESETSTAT` restarts the count.
  private var before: [String: Int] = [:]
  private var run: String?
  /// Set for good once a key was evicted: every operation fails with it.
  private(set) var end: StoreFailure?

  /// The commands to send along with the request for a turn.
  static let questions = [["INFO", "memory"], ["INFO", "stats"]].map { $0.map { Array($0.utf8) } }

  /// - Parameter run: identifies the run of the server that is asked from now on; nil if the server does not say.
  mutating func begin(_ run: String?) {
    self.run = run
  }

  /// - Parameter replies: the replies to `questions`. The Redis user may not be allowed to ask, and then nothing is
  ///   known.
  /// - Throws: `.unsuitable` while the server may evict keys; `.replaced` for good once it has.
  mutating func check(_ replies: some Collection<RedisReply>) throws(StoreFailure) {
    let answers = replies.map { $0.bytes.map { RedisInformation($0) } }
    guard answers.count == Self.questions.count else { return }
    if let run, let keys = answers[1]?["evicted_keys"].flatMap({ Int($0) }) {
      let least = min(before[run] ?? keys, keys)
      before[run] = least
      if keys > least {
        end = StoreFailure(
          .replaced, "Redis has evicted keys since PinGate connected, and reservations may be among them")
      }
    }
    if let end { throw end }
    try answers[0]?.checkKeepsKeys()
  }
}
