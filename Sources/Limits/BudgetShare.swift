/// How a site's budget is shared out among those who have verified nothing of late.
public struct BudgetShare: Sendable, Hashable {
  /// The site, and how many messages it has in any day.
  public let site: CounterKey
  public let day: Int
  /// Who asks.
  public let net: CounterKey
  /// See `VisitorKeys`, `NumberKeys`.
  public let sealedNet: UInt64
  public let isOfOwnNetwork: Bool
  public let sealedRange: UInt64
  /// Whether a challenge is offered to those who are refused.
  public let offersChallenge: Bool

  /// The site's messages of a day.
  package var rule: Rule { Rule(.siteDay, site, Limit(day, per: .day)) }

  public init(
    site: CounterKey, day: Int, net: CounterKey, sealedNet: UInt64 = 0, isOfOwnNetwork: Bool = false,
    sealedRange: UInt64 = 0, offersChallenge: Bool = false
  ) {
    self.site = site
    self.day = day
    self.net = net
    self.sealedNet = sealedNet
    self.isOfOwnNetwork = isOfOwnNetwork
    self.sealedRange = sealedRange
    self.offersChallenge = offersChallenge
  }
}
