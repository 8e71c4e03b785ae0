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
  /// What the success is given back to, and gives credit to: the visitor's and the number's limits of unverified messages. Not
  /// where the browser was trusted: then its message did not count there either, but for the visitor's own.
  public let givenBack: [Rule]
  public let rations: [Ration]
  public let share: BudgetShare?
  /// The net that verified.
  public let net: CounterKey?
  /// The same where it may owe messages (`ReservationRequest.indebtedNet`).
  package var indebtedNet: CounterKey? { share != nil || !rations.isEmpty ? net : nil }
  /// For how long the browser is trusted with the number from now; zero: not at all.
  public let trustedLife: Duration
  /// What is told of the use, in the same step.
  public var message: OutboxMessage?

  /// Something that nothing else is counted of.
  public init(key: CounterKey, life: Duration, message: OutboxMessage? = nil) {
    self.init(key: key, life: life, reservation: nil, cleared: [], trustedLife: .zero, message: message)
  }

  public init(
    key: CounterKey, life: Duration, reservation: Reservation?, cleared: [Rule], givenBack: [Rule] = [],
    rations: [Ration] = [], share: BudgetShare? = nil, net: CounterKey? = nil, trustedLife: Duration,
    message: OutboxMessage? = nil
  ) {
    self.key = key
    self.life = life
    self.reservation = reservation
    self.cleared = cleared
    self.givenBack = givenBack
    self.rations = rations
    self.share = share
    self.net = net
    self.trustedLife = trustedLife
    self.message = message
  }
}
