/// Closes a prefix or a country for sends of which hardly any is verified: the mark of pumped traffic. A success that
/// brings the rate back opens it again at once.
public struct ConversionGuard: Sendable, Hashable {
  public struct Terms: Sendable, Hashable {
    /// How many sends there must be before it judges.
    public var sends: Int
    /// The least part of them that must have been verified, in percent.
    public var percent: Int
    /// The time that it looks at.
    public var window: Duration
    /// Sends younger than this are not judged yet: so long people may take to type a PIN. Zero judges a burst before
    /// anybody could have done so.
    public var grace: Duration
    /// For how long it closes the first time; each time after that doubles, until a day has passed without.
    public var closes: Duration
    /// The longest that it closes for.
    public var closesAtMost: Duration

    public init(
      sends: Int = 20, percent: Int = 20, window: Duration = .seconds(3600), grace: Duration = .seconds(180),
      closes: Duration = .seconds(3600), closesAtMost: Duration = .seconds(86_400)
    ) {
      self.sends = sends
      self.percent = percent
      self.window = window
      self.grace = grace
      self.closes = closes
      self.closesAtMost = closesAtMost
    }
  }

  public let row: LimitRow
  public let key: CounterKey
  public let terms: Terms
  /// By which its counters are kept.
  package let limit: Limit

  public init(_ row: LimitRow, _ key: CounterKey, _ terms: Terms) {
    self.row = row
    self.key = key
    self.terms = terms
    limit = Limit(1_000_000, per: terms.window)
  }
}
