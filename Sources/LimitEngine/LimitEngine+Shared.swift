internal import Limits

/// What is shared out among many: the rations of a number's ranges and the site's budget.
extension LimitEngine {
  /// - Parameter isAsking: whether somebody asks for it now. Who only wants to know how long it takes changes nothing.
  /// - Returns: what the owner should hear of; nothing where nobody asks.
  func judgeShared(
    _ judgement: inout Judgement, _ rules: [Rule], _ request: ReservationRequest, isTrusted: Bool, isAsking: Bool
  ) throws(StoreFailure) -> [LimitNotice] {
    guard let rank = try rank(of: request, isTrusted: isTrusted, at: now) else { return [] }
    judgement.rank = rank
    judgement.rationRank = try rationRank(rank, request, isResend: request.isResend, at: now)
    var notices: [LimitNotice] = []
    for ration in request.rations(of: rank) {
      let credit = try credit(ration.key)
      let (end, notice) = try withState(of: ration) { state in
        let rank = judgement.rationRank
        let end = state.time(ration, credit, as: rank, from: now)
        var notice: LimitNotice?
        if isAsking {
          // It is the owner's news when strangers have to wait there, not when those do who owe messages.
          let endForStrangers = rank == .stranger ? end : state.time(ration, credit, as: .stranger, from: now)
          if endForStrangers == now {
            notice = state.end(ration, credit, now: now)
          } else if end > now {
            notice = state.begin(ration, now: now)
          }
        }
        return ((end, notice), isChanged: notice != nil)
      }
      if end > now {
        judgement.obstacles.add(ration.id, until: end)
        judgement.endOfShared = max(judgement.endOfShared, end)
      }
      guard let notice else { continue }
      notices.append(notice)
      if case .rationBegan = notice { try list(ration, request.share) }
    }
    guard rank != .trusted, let share = request.share else { return notices }
    let asker = BudgetState.Asker(
      share: share, rank: rank, passedChallenge: request.passedChallenge,
      sends: try look(at: share.rule) { $0.total }, isDebtor: judgement.rationRank == .indebted)
    judgement.asker = asker
    // Who is refused for another reason is one more that wants a part only when that is over.
    guard rank != .first, judgement.obstacles.isEmpty else { return notices }
    let (obstacle, notice) = try obstacle(asker, rules, isAsking: isAsking)
    if let notice { notices.append(notice) }
    if let obstacle {
      judgement.challenge = obstacle.challenge
      judgement.obstacles.add(obstacle.id, until: now + obstacle.wait)
      judgement.endOfShared = now + obstacle.wait
    }
    return notices
  }

  private func obstacle(
    _ asker: BudgetState.Asker, _ rules: [Rule], isAsking: Bool
  ) throws(StoreFailure) -> (BudgetState.Obstacle?, LimitNotice?) {
    let share = asker.share
    let kept = try keptFromRank(asker.rank, rules, from: now)
    let few = asker.isDebtor ? try timeOfFewSends(share) : now
    return try withBudget(of: share.site) { state in
      // Who is only too late for this hour comes again in the next one, and takes his turn then.
      let isNew = isAsking && asker.rank == .stranger && kept?.id != .siteHour && state.note(share, now: now)
      var obstacle = asker.rank == .known || kept != nil ? nil : state.obstacle(asker, now: now)
      if let found = obstacle, found.challenge != nil { obstacle?.wait = max(found.wait, few - now) }
      var notice: LimitNotice?
      if isAsking {
        if obstacle != nil {
          notice = state.begin(asker, now: now)
        } else if kept == nil {
          notice = state.end(asker, now: now)
        }
      }
      return ((kept ?? obstacle, notice), isChanged: isNew || notice != nil)
    }
  }

  /// From when on the site has had so few messages in a day that those who owe some are asked for no challenge for that alone.
  private func timeOfFewSends(_ share: BudgetShare) throws(StoreFailure) -> Int64 {
    max(now, try look(at: share.rule) { $0.time(without: $0.total - share.day / 4, share.rule.limit) })
  }

  /// The rest of the budget is for those who come before: of the hour and the day, what is longer in the way.
  private func keptFromRank(
    _ rank: SenderRank, _ rules: [Rule], from start: Int64
  ) throws(StoreFailure) -> BudgetState.Obstacle? {
    var longest: BudgetState.Obstacle?
    for rule in rules where rule.id == .siteHour || rule.id == .siteDay {
      var limit = rule.limit
      limit.count -= limit.count * rank.kept / 100
      let time = try look(at: rule) { $0.time(limit, cooldowns: [], from: start) }
      if time < .never, time - start > longest?.wait ?? 0 {
        longest = BudgetState.Obstacle(id: rule.id, wait: time - start)
      }
    }
    return longest
  }

  /// From when on what is shared out lets a message pass, and no earlier than `start`, as far as can be said from there: by the rank
  /// that its sender has then.
  ///
  /// - Parameters:
  ///   - isNext: whether it is the message after this one that is asked about.
  ///   - isSolving: whether whoever is asked for a challenge then does it.
  ///   - obstacles: what stands in the way then is added to them.
  func timeOfShared(
    _ request: ReservationRequest, _ rules: [Rule], isNext: Bool, isSolving: Bool, isTrusted: Bool,
    from start: Int64, _ obstacles: inout Obstacles
  ) throws(StoreFailure) -> Int64 {
    guard let rank = try rank(of: request, isTrusted: isTrusted, at: start) else { return start }
    let rationRank = try rationRank(rank, request, isResend: isNext || request.isResend, at: start)
    var last = start
    for ration in request.rations(of: rank) {
      let credit = try credit(ration.key)
      let end = try withState(of: ration) {
        ($0.time(ration, credit, as: rationRank, from: start), isChanged: false)
      }
      if end > start { obstacles.add(ration.id, until: end) }
      last = max(last, end)
    }
    guard rank != .trusted, rank != .first, let share = request.share else { return last }
    var obstacle = try keptFromRank(rank, rules, from: start)
    if obstacle == nil, rank != .known {
      // No draw is foretold twice.
      let takesTurn = rank == .stranger && !isNext && !share.offersChallenge && !obstacles.contains(.siteShare)
      let sends = takesTurn ? try look(at: share.rule) { $0.total(share.rule.limit, at: start) } : 0
      var few: Int64?
      if share.offersChallenge, !isSolving, request.passedChallenge == 0 {
        few = rationRank == .indebted ? try timeOfFewSends(share) : start
      }
      obstacle = try withBudget(of: share.site) { state in
        if takesTurn {
          let asker = BudgetState.Asker(share: share, rank: rank, passedChallenge: 0, sends: sends)
          return (state.obstacle(asker, now: start), isChanged: false)
        }
        let pace = state.waitForPace(share, as: rank, now: start)
        if pace > 0 { return (BudgetState.Obstacle(id: .sitePace, wait: pace), isChanged: false) }
        guard let few else { return (nil, isChanged: false) }
        let end = max(few, state.timeWithoutChallenge(share, from: start))
        return (end > start ? BudgetState.Obstacle(id: .siteShare, wait: end - start) : nil, isChanged: false)
      }
    }
    if let obstacle {
      obstacles.add(obstacle.id, until: start + obstacle.wait)
      last = max(last, start + obstacle.wait)
    }
    return last
  }

  /// Adds a message to what is shared out.
  ///
  /// - Parameter isOverLimits: whether any limit would refuse it.
  /// - Returns: the rations that it was not added to as one that nobody has verified.
  func countShared(
    _ judgement: Judgement, _ request: ReservationRequest, isOverLimits: Bool
  ) throws(StoreFailure) -> [LimitID] {
    guard let rank = judgement.rank else { return [] }
    var uncharged: [LimitID] = []
    let net = request.share.map { NetList.Net(key: $0.net, sealed: $0.sealedNet) }
    for ration in request.rations(of: rank) {
      let credit = try credit(ration.key)
      let isCharged = try withState(of: ration) { state in
        (
          state.send(ration, credit, as: judgement.rationRank, by: net, isOverLimits: isOverLimits, now: now),
          isChanged: true
        )
      }
      if !isCharged { uncharged.append(ration.id) }
    }
    try countRank(rank, request.pair.number, request.proof, request.trustedRules) { $0.add($1, now: now) }
    if let asker = judgement.asker {
      try withBudget(of: asker.share.site) { state in
        (state.send(asker, now: now), isChanged: true)
      }
    }
    if rank != .trusted, let net = request.indebtedNet { try changeDebt(net) { $0.add(now: now) } }
    return uncharged
  }

  /// Puts a ration that begins on the owner's list.
  private func list(_ ration: Ration, _ share: BudgetShare?) throws(StoreFailure) {
    guard let share else { return }
    let range = RationedRange(
      id: ration.id, key: ration.key, prefix4: share.prefix4 ?? ration.key, sealed: share.sealedRange, since: now)
    try withBudget(of: share.site) { ($0.list(range), isChanged: true) }
  }
}
