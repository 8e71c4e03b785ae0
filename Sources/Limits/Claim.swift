/// A right answer that wants to be the one success of its request. `LimitsPolicy` makes it.
public struct Claim: Sendable, Hashable {
  /// What can be claimed once.
  public let key: CounterKey
  /// For how long the claim is remembered: longer than any request lives.
  public let life: Duration
  /// The try that was right: it is given back to the rows that count wrong ones.
  public let receipt: Receipt
  /// The rows that a success clears.
  public let cleared: [Rule]
  /// The prefixes and the country whose conversion it counts for, unless the pair was known: then its send did not count
  /// either.
  public let guards: [ConversionGuard]
  /// For how long the pair's number is known in its browser from now; zero: not at all.
  public let knownLife: Duration

  public init(
    key: CounterKey, life: Duration, receipt: Receipt, cleared: [Rule], guards: [ConversionGuard], knownLife: Duration
  ) {
    self.key = key
    self.life = life
    self.receipt = receipt
    self.cleared = cleared
    self.guards = guards
    self.knownLife = knownLife
  }
}
