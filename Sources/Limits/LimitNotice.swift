/// News for the owner that an operation of the store brought about, told exactly once.
public enum LimitNotice: Sendable, Hashable {
  /// A row's count reached this part of its limit.
  case reached(LimitRow, percent: Int, count: Int, limit: Int)
  /// A prefix or a country was closed, because of `sends` only `verified` were verified.
  case closed(LimitRow, CounterKey, for: Duration, sends: Int, verified: Int)
  /// What was closed is open again before its time, because of `sends` enough are verified by now.
  case opened(LimitRow, CounterKey, sends: Int, verified: Int)
}
