internal import Limits

/// What lets a message pass a limit that is used up.
enum LimitException: Sendable, Hashable {
  /// Those who came before are still typing their PINs, where many verify.
  case grace
  /// One of the site's second chances.
  case chance
}

extension LimitEngine {
  /// From when on a message passes all the same, if nobody else asks; `never` where it does not.
  ///
  /// - Parameters:
  ///   - isResend: whether it is one that is sent again.
  ///   - start: before which it does not come.
  func exception(
    to rule: Rule, _ request: ReservationRequest, isResend: Bool, from start: Int64
  ) throws(StoreFailure) -> (exception: LimitException, begin: Int64) {
    guard let share = request.share, rule.limit.count > 0 else { return (.grace, .never) }
    let grace = try graceBegins(rule, share, from: start)
    guard grace > start, rule.id == .netDay else { return (.grace, grace) }
    let chance = try chanceBegins(rule, share, isResend: isResend, from: start)
    return grace <= chance ? (.grace, grace) : (.chance, chance)
  }

  /// From when on what counts is only too young to be judged: an address or a net that has credit may have three times as much as
  /// the credit is worth on its way besides. Not a net that leaves more unverified than it verifies and may: else whoever has
  /// verified one number could have that much more each day.
  private func graceBegins(_ rule: Rule, _ share: BudgetShare, from start: Int64) throws(StoreFailure) -> Int64 {
    guard rule.id.countsAsking, rule.id.growsWithCredit, share.grace > 0 else { return .never }
    let credit = try credit(rule.key)
    // It only becomes less.
    guard credit.growth(at: start) > 0 else { return .never }
    let debt = rule.id == .netDay ? try debt(rule.key) : Credit()
    return try look(at: rule) { counter in
      var time = start
      for _ in 0..<Self.mostSteps {
        let growth = credit.growth(at: time)
        let total = counter.total(rule.limit, at: time)
        let judged = counter.total(rule.limit, at: time, upTo: time - share.grace)
        let gone = counter.total - total
        // Each of these stands in the way until then at least: what is young now is judged later, and credit becomes less.
        var next = time
        let tooMany = max(
          judged - (rule.limit.count + growth), total - (rule.limit.count + (1 + Self.timesInGrace) * growth))
        if tooMany >= 0 { next = max(next, counter.time(without: gone + tooMany + 1, rule.limit)) }
        let most = credit.value(at: time) + Int64(rule.limit.count + total - judged) * 1000
        next = max(next, debt.time(atMost: most, from: time))
        guard next > time, next < .never else { return next }
        time = next
      }
      return .never
    }
  }

  /// A newsletter brings a site's few visitors of a week within half a minute.
  private static let timesInGrace = 3

  /// From when on a net that has left as many unverified as it may has another chance. Not one that did so on the days before,
  /// too: whoever comes every day would else have all chances of the site.
  private func chanceBegins(
    _ rule: Rule, _ share: BudgetShare, isResend: Bool, from start: Int64
  ) throws(StoreFailure) -> Int64 {
    let (credit, debt) = (try credit(rule.key), try debt(rule.key))
    let chance = try withBudget(of: share.site) { ($0.timeOfChance(isResend: isResend), isChanged: false) }
    return try look(at: rule) { counter in
      var time = max(start, chance)
      for _ in 0..<Self.mostSteps {
        let most = rule.limit.grown(by: credit.growth(at: time)).count + BudgetState.chancesOfNet
        let next = max(
          time, counter.time(without: counter.total - most + 1, rule.limit),
          debt.time(atMost: Int64(most) * 1000 - 501, from: time))
        guard next > time, next < .never else { return next }
        time = next
      }
      return .never
    }
  }

  /// An exception that begins after more steps is none: then the rule's own time is told.
  private static let mostSteps = 200

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
