internal import Limits

extension LimitEngine {
  /// What stands in the way of a request, and whose it is.
  struct Judgement {
    var obstacles = Obstacles()
    /// From when on its own rules let it pass, and those of them that have cooldowns.
    var end: Int64
    var endOfCooldown: Int64
    /// The same of what is shared out among many.
    var endOfShared: Int64
    /// Those of its own rules that may stand in its way later: what they count is more than they admit without credit.
    var unsure: [Rule] = []
    /// Whether an earlier message of the same number and browser answers it.
    var isBetweenSends = false
    var takesChance = false
    /// What would let it pass now.
    var challenge: Int?
    /// Nil for a try.
    var rank: SenderRank?
    /// The same inside a ration.
    var rationRank = SenderRank.stranger
    /// Nil where the budget is not shared out, and for who passes by that.
    var asker: BudgetState.Asker?
  }

  /// By its own rules.
  func judge(_ rules: [Rule], _ request: ReservationRequest) throws(StoreFailure) -> Judgement {
    var judgement = Judgement(end: now, endOfCooldown: now, endOfShared: now)
    for rule in rules {
      var (end, count) = try timeAndCount(rule, from: now)
      if end > now || count >= rule.limit.count { judgement.unsure.append(rule) }
      guard end > now else { continue }
      let (exception, begin) = try exception(to: rule, request, isResend: request.isResend, from: now)
      end = min(end, begin)
      guard end > now else {
        if exception == .chance { judgement.takesChance = true }
        continue
      }
      judgement.obstacles.add(rule.id, until: end)
      judgement.end = max(judgement.end, end)
      if !rule.cooldowns.isEmpty {
        judgement.isBetweenSends = true
        judgement.endOfCooldown = max(judgement.endOfCooldown, end)
      }
    }
    return judgement
  }

  /// What a judgement comes to: with when the same would pass, if it is refused.
  func refusal(
    _ judgement: inout Judgement, _ rules: [Rule], _ request: ReservationRequest, trustedUntil: Int64
  ) throws(StoreFailure) -> Refusal? {
    guard !judgement.obstacles.isEmpty else { return nil }
    _ = try time(
      request, rules, isSolving: judgement.challenge == nil, unsure: judgement.unsure, afterOwn: judgement.end,
      afterShared: judgement.endOfShared, trustedUntil: trustedUntil,
      &judgement.obstacles)
    return judgement.obstacles.refusal(challenge: judgement.challenge, now: now)
  }
}
