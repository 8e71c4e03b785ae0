/// What is unsafe about a Redis that is used all the same.
public enum RedisWarning: String, Sendable, Hashable, CaseIterable {
  /// It writes no append-only file: when it dies, it comes back with an old snapshot or with nothing.
  case noAppendOnlyFile = "no_append_only_file"

  /// What it means and what to do, for the log.
  public var advice: String {
    switch self {
    case .noAppendOnlyFile:
      "this Redis forgets reservations when it is killed, and is then refused; set: appendonly yes"
    }
  }
}
