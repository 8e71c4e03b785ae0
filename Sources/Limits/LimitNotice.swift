/// News for the owner that an operation of the store brought about, told exactly once.
public enum LimitNotice: Sendable, Hashable {
  /// A count reached this part of its limit.
  case reached(LimitID, percent: Int, count: Int, limit: Int)
  /// A breaker opened, which stops the sends to a prefix or a country, because of `sends` only `verified` were verified.
  case breakerOpened(LimitID, CounterKey, for: Duration, sends: Int, verified: Int)
  /// It closed again before its time, because of `sends` enough are verified by now.
  case breakerClosed(LimitID, CounterKey, sends: Int, verified: Int)
}
