/// How a site's budget is shared out, for the owner's eyes.
public struct BudgetOverview: Sendable, Hashable {
  /// A net that has had messages which it did not verify.
  public struct Net: Sendable, Hashable {
    public let key: CounterKey
    public let sealed: UInt64
    /// How many, of late.
    public let unverified: Int

    public init(key: CounterKey, sealed: UInt64, unverified: Int) {
      self.key = key
      self.sealed = sealed
      self.unverified = unverified
    }
  }

  /// A range that has no more than a ration, or had of late.
  public struct Range: Sendable, Hashable {
    public let id: LimitID
    public let key: CounterKey
    /// The prefix under which its name was sealed, and that name.
    public let prefix4: CounterKey
    public let sealed: UInt64
    /// How long ago it began.
    public let age: Duration
    /// Whether it still is.
    public let isRationed: Bool
    /// How long the owner's word for it still holds; nil where there is none.
    public let openFor: Duration?
    public let sends: Int
    public let verified: Int
    public let nets: [Net]

    public init(
      id: LimitID, key: CounterKey, prefix4: CounterKey, sealed: UInt64, age: Duration, isRationed: Bool,
      openFor: Duration?, sends: Int, verified: Int, nets: [Net]
    ) {
      self.id = id
      self.key = key
      self.prefix4 = prefix4
      self.sealed = sealed
      self.age = age
      self.isRationed = isRationed
      self.openFor = openFor
      self.sends = sends
      self.verified = verified
      self.nets = nets
    }
  }

  /// Messages to those who have verified nothing of late, in the last day.
  public let toStrangers: Int
  /// Successes in the last day.
  public let verified: Int
  /// How many of their nets ask, about.
  public let asking: Int
  /// How many messages there are for them now.
  public let tokens: Int
  /// What part of them is served, in percent.
  public let percentServed: Int
  /// How many rounds of a challenge they are asked for; nil where none is offered or needed.
  public let challenge: Int?
  /// How many second chances there are.
  public let chances: Int
  /// Since when not all of them are served; nil where all are.
  public let rationedFor: Duration?
  public let nets: [Net]
  public let ranges: [Range]

  public init(
    toStrangers: Int, verified: Int, asking: Int, tokens: Int, percentServed: Int, challenge: Int?, chances: Int,
    rationedFor: Duration?, nets: [Net], ranges: [Range]
  ) {
    self.toStrangers = toStrangers
    self.verified = verified
    self.asking = asking
    self.tokens = tokens
    self.percentServed = percentServed
    self.challenge = challenge
    self.chances = chances
    self.rationedFor = rationedFor
    self.nets = nets
    self.ranges = ranges
  }
}
