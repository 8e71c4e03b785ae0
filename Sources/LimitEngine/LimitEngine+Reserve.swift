package import Limits

extension LimitEngine {
  /// See `CounterStore.reserve`.
  ///
  /// - Parameter id: 16 random bytes, the reservation's name.
  package func reserve(_ request: ReservationRequest, id: [UInt8]) throws(StoreFailure) -> EngineDecision {
    if let key = request.oneTimeKey, try isConsumed(key) { return EngineDecision(.consumed) }
    if let nonce = request.nonce, let send = try sent(nonce) { return EngineDecision(.replayed(send.state(now: now))) }

    let isTrusted = try trusted(request.pair.number)[request.pair.browser] != nil
    let rules = request.rules(isTrusted: isTrusted)
    if request.looksAutomated { return try countAutomated(rules, request) }
    var notices: [LimitNotice] = []
    var reasons: [Refusal.Reason] = []
    var isBetweenSends = false
    var takesChance = false
    let resends = request.isResend ? try resends(rules) : nil
    for rule in rules {
      let wait = try wait(rule, resends: resends)
      guard wait != .milliseconds(0) else { continue }
      if rule.id == .netDay, let share = request.share, try hasChance(rule, share) {
        takesChance = true
        continue
      }
      reasons.append(Refusal.Reason(rule.id, wait: wait.duration))
      isBetweenSends = isBetweenSends || !rule.cooldowns.isEmpty
    }
    if isBetweenSends, request.isSend, let send = try running(request.pair.number)[request.pair.browser]?.newest {
      return EngineDecision(.replayed(send.state(now: now)))
    }

    let rations = request.rations(isTrusted: isTrusted)
    for ration in rations {
      guard let wait = try wait(ration, request, &notices) else { continue }
      reasons.append(Refusal.Reason(ration.id, wait: wait))
    }

    let asker = isTrusted ? nil : try request.share.map { share throws(StoreFailure) in try self.asker(request, share) }
    var challenge: Int?
    if let asker, asker.rank != .first {
      if let obstacle = try obstacle(asker, rules, isAlone: reasons.isEmpty, &notices) {
        // Who is refused for another reason too would be refused with it as well.
        if reasons.isEmpty { challenge = obstacle.challenge }
        reasons.append(Refusal.Reason(obstacle.id, wait: .milliseconds(obstacle.wait)))
      }
    }

    let refusal = reasons.isEmpty ? nil : Refusal(reasons, challenge: challenge)
    if let refusal, request.mode == .enforce { return EngineDecision(.refused(refusal), notices: notices) }

    var left: [Int] = []
    var next = RollingCounter.Wait.milliseconds(0)
    left.reserveCapacity(rules.count)
    // What comes next is sent again.
    let resendsOfNext = request.isResend ? resends.map { $0 + 1 } : 0
    for rule in rules {
      let (total, raised) = try change(rule) { counter in
        counter.add(rule.limit, now: now)
        return (counter.total, counter.raiseAlarms(of: rule, now: now))
      }
      for percent in raised {
        notices.append(.reached(rule.id, percent: percent, count: total, limit: rule.alarmLimit))
      }
      left.append(max(0, try limit(rule).count - total))
      next = max(next, try wait(rule, isNext: true, resends: resendsOfNext))
    }
    let net = request.share.map { NetList.Net(key: $0.net, sealed: $0.sealedNet) }
    for ration in rations {
      let credit = try credit(ration.key)
      try change(ration) { $0.send(ration, credit, by: net, isOverLimits: refusal != nil, now: now) }
    }
    if let asker {
      try withBudget(of: asker.share.site) { state in
        if takesChance { state.takeChance(now: now) }
        return (state.send(asker, now: now), isChanged: true)
      }
      try changeDebt(asker.share.net) { $0.add(now: now) }
    }

    if request.isSend { try begin(id, request) }
    return EngineDecision(
      .permitted(
        BarePermit(
          isTrusted: isTrusted, time: now, next: next.duration, left: left, wouldRefuse: refusal, rank: asker?.rank)),
      notices: notices)
  }

  /// Counts a form that no person has filled in: like a message that nobody verified, for as long as its address, its
  /// net's hour and its browser still admit one. Whoever sends more of them changes nothing. The net's day is left as it
  /// is: two such forms, which cost nothing, would shut the net for all others.
  private func countAutomated(
    _ rules: [Rule], _ request: ReservationRequest
  ) throws(StoreFailure) -> EngineDecision {
    for rule in rules where rule.id.countsWhoeverAsks {
      guard try wait(rule) == .milliseconds(0) else { continue }
      try change(rule) { $0.add(rule.limit, now: now) }
    }
    return EngineDecision(.refused(Refusal([Refusal.Reason(.formAutomated, wait: .seconds(60))])))
  }

  /// Whether a net that has left as many unverified as it may has another chance.
  private func hasChance(_ rule: Rule, _ share: BudgetShare) throws(StoreFailure) -> Bool {
    let most = try limit(rule)
    guard most.count > 0, try look(at: rule, { $0.total }) < most.count + BudgetState.chancesOfNet else { return false }
    return try withBudget(of: share.site) { ($0.hasChance(now: now), isChanged: false) }
  }

  /// - Returns: how long a range has to wait for its ration; nil when it does not.
  private func wait(
    _ ration: Ration, _ request: ReservationRequest, _ notices: inout [LimitNotice]
  ) throws(StoreFailure) -> Duration?? {
    let credit = try credit(ration.key)
    let (wait, notice) = try withState(of: ration) { state in
      let wait = state.wait(ration, credit, now: now)
      let notice =
        wait == .milliseconds(0) ? state.end(ration, credit, now: now) : state.begin(ration, now: now)
      return ((wait, notice), isChanged: notice != nil)
    }
    if let notice {
      notices.append(notice)
      if case .rationBegan = notice, let share = request.share {
        let range = RationedRange(
          id: ration.id, key: ration.key, prefix4: share.prefix4 ?? ration.key, sealed: share.sealedRange, since: now)
        try withBudget(of: share.site) { ($0.list(range), isChanged: true) }
      }
    }
    return wait == .milliseconds(0) ? nil : .some(wait.duration)
  }

  /// Who asks for a part of the budget.
  private func asker(
    _ request: ReservationRequest, _ share: BudgetShare
  ) throws(StoreFailure) -> BudgetState.Asker {
    let isKnown = try credit(share.net).isGood(at: now) || share.isOfOwnNetwork
    let isIndebted = try debt(share.net).isGood(at: now)
    let isFirst = try withBudget(of: share.site) { state in
      (request.hasProof && state.hasProofLeft(share, now: now), isChanged: false)
    }
    return BudgetState.Asker(
      share: share,
      rank: isFirst ? .first : isKnown ? .known : isIndebted ? .indebted : .stranger,
      passedChallenge: request.passedChallenge,
      sends: try look(at: share.rule) { $0.total })
  }

  /// - Parameter isAlone: whether nothing else stands in the way: only then is it one more that wants a part.
  private func obstacle(
    _ asker: BudgetState.Asker, _ rules: [Rule], isAlone: Bool, _ notices: inout [LimitNotice]
  ) throws(StoreFailure) -> BudgetState.Obstacle? {
    let share = asker.share
    let kept = try keptFromRank(asker, rules)
    let (obstacle, notice) = try withBudget(of: share.site) { state in
      // Who is only too late for this hour comes again in the next one, and takes his turn then.
      let isNew = isAlone && asker.rank == .stranger && kept?.id != .siteHour && state.note(share, now: now)
      let obstacle = asker.rank == .known || kept != nil ? nil : state.obstacle(asker, now: now)
      let notice =
        obstacle == nil ? kept == nil ? state.end(asker, now: now) : nil : isAlone ? state.begin(asker, now: now) : nil
      return ((obstacle, notice), isChanged: isNew || notice != nil)
    }
    if let notice { notices.append(notice) }
    return kept ?? obstacle
  }

  /// The rest of the budget is for those who come before.
  private func keptFromRank(
    _ asker: BudgetState.Asker, _ rules: [Rule]
  ) throws(StoreFailure) -> BudgetState.Obstacle? {
    for rule in rules where rule.id == .siteHour || rule.id == .siteDay {
      var limit = rule.limit
      limit.count -= limit.count * asker.rank.kept / 100
      if case .milliseconds(let wait) = try look(at: rule, { $0.wait(limit, cooldowns: [], now: now) }), wait > 0 {
        return BudgetState.Obstacle(id: rule.id, wait: wait)
      }
    }
    return nil
  }

  private func begin(_ id: [UInt8], _ request: ReservationRequest) throws(StoreFailure) {
    var pending = try pending(request.pair.number)
    pending.add(id, until: now + Reservation.life.milliseconds)
    try setPending(pending, of: request.pair.number)
    var send = RunningSend(reservationID: id, deadline: now + request.sendTimeout.milliseconds, until: 0)
    if let nonce = request.nonce {
      send.until = now + request.nonceLife.milliseconds
      try record(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    if let life = request.runningLife {
      send.until = now + life.milliseconds
      var list = try running(request.pair.number)
      var stack = list[request.pair.browser] ?? SendStack()
      stack.push(send)
      list[request.pair.browser] = stack
      try setRunning(list, of: request.pair.number)
    }
  }
}

extension RollingCounter.Wait: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.milliseconds(let left), .milliseconds(let right)): left < right
    case (.milliseconds, .forEver): true
    case (.forEver, _): false
    }
  }

  var duration: Duration? {
    switch self {
    case .milliseconds(let time): .milliseconds(time)
    case .forEver: nil
    }
  }
}
