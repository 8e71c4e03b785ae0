/// Something that is good for one use: a right answer that wants to be the one success of its request, which `LimitsPolicy`
/// makes, or a token that is redeemed.
public struct OneTimeUse: Sendable, Hashable {
  /// What is good for one use.
  public let key: CounterKey
  /// For how long the use is remembered: longer than any request lives.
  public let life: Duration
  /// The try that was right: it is taken out of the limits that count wrong ones. Nil where nothing was reserved.
  public let reservation: Reservation?
  /// The limits that a success clears.
  public let cleared: [Rule]
  /// The prefixes and the country whose conversion it counts for, unless the browser was trusted: then its send did not count
  /// either.
  public let breakers: [ConversionBreaker]
  /// For how long the browser is trusted with the number from now; zero: not at all.
  public let trustedLife: Duration
  /// What is told of the use, in the same step.
  public var message: OutboxMessage?

  /// Something that nothing else is counted of.
  public init(key: CounterKey, life: Duration, message: OutboxMessage? = nil) {
    self.init(key: key, life: life, reservation: nil, cleared: [], breakers: [], trustedLife: .zero, message: message)
  }

  public init(
    key: CounterKey, life: Duration, reservation: Reservation?, cleared: [Rule], breakers: [ConversionBreaker],
    trustedLife: Duration, message: OutboxMessage? = nil
  ) {
    self.key = key
    self.life = life
    self.reservation = reservation
    self.cleared = cleared
    self.breakers = breakers
    self.trustedLife = trustedLife
    self.message = message
  }
}
