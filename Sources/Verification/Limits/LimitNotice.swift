/// News for the owner that a charge brought about, told exactly once.
public enum LimitNotice: Sendable, Hashable {
  /// A row's count reached this part of its limit.
  case reached(LimitRow, percent: Int, count: Int, limit: Int)
  /// A prefix or a country was closed, because of `sends` only `verified` were verified.
  case closed(LimitRow, CounterKey, for: Duration, sends: Int, verified: Int)
}
