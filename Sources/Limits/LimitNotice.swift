/// News for the owner that an operation of the store brought about, told exactly once.
public enum LimitNotice: Sendable, Hashable {
  /// A count reached this part of its limit.
  case reached(LimitID, percent: Int, count: Int, limit: Int)
  /// From now on a range, or the site itself (`.siteShare`), has no more than a ration for those who verify nothing.
  case rationBegan(LimitID, CounterKey, RationFigures)
  /// It has as much as anybody wants again.
  case rationEnded(LimitID, CounterKey, RationFigures, after: Duration)
}
