/// Opens, and so stops the sends to a prefix or a country, when hardly any of them is verified: the mark of pumped traffic.
/// A success that brings the rate back closes it again at once.
public struct ConversionBreaker: Sendable, Hashable {
  public struct Terms: Sendable, Hashable {
    /// How many sends there must be before it is evaluated.
    public var sends: Int
    /// The least part of them that must have been verified, in percent.
    public var percent: Int
    /// The time that it looks at.
    public var window: Duration
    /// Sends younger than this are not evaluated yet: so long people may take to type a PIN. Zero evaluates a burst before
    /// anybody could have done so.
    public var grace: Duration
    /// For how long it opens the first time, in which nothing is sent; each time after that doubles, until a day has passed without.
    public var opens: Duration
    /// The longest that it opens for.
    public var opensAtMost: Duration

    public init(
      sends: Int = 20, percent: Int = 20, window: Duration = .seconds(3600), grace: Duration = .seconds(180),
      opens: Duration = .seconds(3600), opensAtMost: Duration = .seconds(86_400)
    ) {
      self.sends = sends
      self.percent = percent
      self.window = window
      self.grace = grace
      self.opens = opens
      self.opensAtMost = opensAtMost
    }
  }

  public let id: LimitID
  public let key: CounterKey
  public let terms: Terms
  /// By which its counters are kept.
  package let limit: Limit

  public init(_ id: LimitID, _ key: CounterKey, _ terms: Terms) {
    self.id = id
    self.key = key
    self.terms = terms
    limit = Limit(1_000_000, per: terms.window)
  }
}
