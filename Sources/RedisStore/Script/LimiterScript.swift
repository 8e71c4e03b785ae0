/// What `Ledger` does, in the language that Redis runs inside a transaction (Lua 5.1). Same names, same order, same
/// arithmetic; the contract suite holds both to it.
///
/// KEYS[1] is the clock; a link's mark, if it leaves one, is next; the other keys and the arguments are read one after the
/// other, as `LimiterCall` writes them. Every answer begins with the store's birth and the times of its newest write and of
/// the link's mark, then the limiter's time. Times are whole milliseconds, which a double holds exactly.
enum LimiterScript {
  static let text = prologue + counters + sends + operations
}
