/// How a site's budget is shared out among those who have verified nothing of late.
public struct BudgetShare: Sendable, Hashable {
  /// The site, and how many messages of any day are shared out.
  public let site: CounterKey
  public let day: Int
  /// Who asks.
  public let net: CounterKey
  /// The /32 that an IPv6 net is of; nil for IPv4.
  public let wideNet: CounterKey?
  /// See `VisitorKeys`, `NumberKeys`.
  public let sealedNet: UInt64
  public let sealedRange: UInt64
  /// The number's prefix under which that is sealed; nil for the owner, who asks for no number.
  public let prefix4: CounterKey?
  /// Whether a challenge is offered to those who are refused.
  public let offersChallenge: Bool
  /// How long people may take to type a PIN, in milliseconds.
  package let grace: Int64

  /// The site's messages of a day.
  package var rule: Rule { Rule(.siteDay, site, Limit(day, per: .day)) }

  public init(
    site: CounterKey, day: Int, net: CounterKey, wideNet: CounterKey? = nil, sealedNet: UInt64 = 0,
    sealedRange: UInt64 = 0, prefix4: CounterKey? = nil, offersChallenge: Bool = false, grace: Duration = .zero
  ) {
    self.site = site
    self.day = day
    self.net = net
    self.wideNet = wideNet
    self.sealedNet = sealedNet
    self.sealedRange = sealedRange
    self.prefix4 = prefix4
    self.offersChallenge = offersChallenge
    self.grace = grace.milliseconds
  }
}
