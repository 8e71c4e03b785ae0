internal import Limits

/// What lets a message pass a limit that is used up.
enum LimitException: Sendable, Hashable {
  /// Those who came before are still typing their PINs, where many verify.
  case grace
  /// One of the site's second chances.
  case chance
}

extension LimitEngine {
  /// Whether a message passes all the same.
  ///
  /// - Parameter isResend: whether it is one that is sent again.
  func exception(
    to rule: Rule, _ request: ReservationRequest, isResend: Bool
  ) throws(StoreFailure) -> LimitException? {
    guard let share = request.share, rule.limit.count > 0 else { return nil }
    if try isInGrace(rule, share) { return .grace }
    guard rule.id == .netDay, try hasChance(rule, share, isResend: isResend) else { return nil }
    return .chance
  }

  /// Whether what counts is only too young to be judged: an address or a net that has credit may have three times as much as the
  /// credit is worth on its way besides. Not a net that leaves more unverified than it verifies and may: else whoever has
  /// verified one number could have that much more each day.
  private func isInGrace(_ rule: Rule, _ share: BudgetShare) throws(StoreFailure) -> Bool {
    guard rule.id.countsAsking, rule.id.growsWithCredit, share.grace > 0 else { return false }
    let credit = try credit(rule.key)
    let growth = credit.growth(at: now)
    let (total, judged) = try look(at: rule) { ($0.total, $0.total(upTo: now - share.grace)) }
    guard judged < rule.limit.count + growth, total < rule.limit.count + (1 + Self.timesInGrace) * growth else {
      return false
    }
    guard rule.id == .netDay else { return true }
    let left = try debt(rule.key).value(at: now) - Int64(total - judged) * 1000
    return left <= credit.value(at: now) + Int64(rule.limit.count) * 1000
  }

  /// A newsletter brings a site's few visitors of a week within half a minute.
  private static let timesInGrace = 3

  /// Whether a net that has left as many unverified as it may has another chance. Not one that did so on the days before, too:
  /// whoever comes every day would else have all chances of the site.
  private func hasChance(_ rule: Rule, _ share: BudgetShare, isResend: Bool) throws(StoreFailure) -> Bool {
    let most = try limit(rule)
    guard try look(at: rule, { $0.total }) < most.count + BudgetState.chancesOfNet,
      try debt(rule.key).value(at: now) < Int64(most.count + BudgetState.chancesOfNet) * 1000 - 500
    else { return false }
    return try withBudget(of: share.site) { ($0.hasChance(isResend: isResend, now: now), isChanged: false) }
  }

  /// Takes one of the site's chances for a net.
  func takeChance(_ share: BudgetShare) throws(StoreFailure) {
    try withBudget(of: share.site) { ($0.takeChance(now: now), isChanged: true) }
    try changeCounter(.chances, of: share.net, Self.chancesOfNet) { $0.add(Self.chancesOfNet, now: now) }
  }

  /// Gives back a chance that a net has had; nothing where it has had none.
  func giveChanceBack(of net: CounterKey, to site: CounterKey) throws(StoreFailure) {
    guard try counter(.chances, of: net, Self.chancesOfNet).total > 0 else { return }
    try changeCounter(.chances, of: net, Self.chancesOfNet) { $0.keep(atMost: $0.total - 1) }
    try withBudget(of: site) { ($0.giveChanceBack(now: now), isChanged: true) }
  }

  /// More than any net can have.
  private static let chancesOfNet = Limit(100, per: .day)
}
