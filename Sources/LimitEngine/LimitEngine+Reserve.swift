package import Limits

extension LimitEngine {
  /// See `CounterStore.reserve`.
  ///
  /// - Parameter id: 16 random bytes, the reservation's name.
  package func reserve(_ request: ReservationRequest, id: [UInt8]) throws(StoreFailure) -> EngineDecision {
    if let key = request.oneTimeKey, try isConsumed(key) { return EngineDecision(.consumed) }
    if let nonce = request.nonce, let send = try sent(nonce) { return EngineDecision(.replayed(send.state(now: now))) }

    let isTrusted = try isTrusted(request)
    let rules = request.rules(isTrusted: isTrusted)
    if request.looksAutomated { return try countAutomated(rules, request) }
    var judgement = try judge(rules, request)
    if judgement.isBetweenSends, request.isSend,
      let send = try running(request.pair.number)[request.pair.browser]?.newest
    {
      return EngineDecision(.replayed(send.state(now: now)))
    }
    var notices = try judgeShared(&judgement, rules, request, isTrusted: isTrusted, isAsking: true)

    let refusal = judgement.reasons.isEmpty ? nil : Refusal(judgement.reasons, challenge: judgement.challenge)
    if let refusal, request.mode == .enforce { return EngineDecision(.refused(refusal), notices: notices) }

    // What is over another limit too, and passes only because that is watched, takes nothing.
    let takesChance = judgement.takesChance && refusal == nil
    if takesChance, let share = request.share { try takeChance(share) }
    let added = try add(rules, &notices)
    let unchargedRations = try countShared(judgement, request, isOverLimits: refusal != nil)
    let next = try waitForNext(rules, added.map(\.next), request, isTrusted: isTrusted)

    if request.isSend {
      var state: OpenSend.State = [.pending, .charged]
      if isTrusted { state.insert(.trusted) }
      if judgement.rank != .trusted { state.insert(.shared) }
      for ration in unchargedRations { state.insert(.uncharged(ration)) }
      try begin(id, request, state)
    }
    return EngineDecision(
      .permitted(
        BarePermit(
          isTrusted: isTrusted, time: now, next: next.duration, left: added.map(\.left), wouldRefuse: refusal,
          rank: judgement.rank,
          unchargedRations: unchargedRations, tookChance: takesChance)),
      notices: notices)
  }

  /// Adds the message or the try to its own counters.
  ///
  /// - Returns: how many each still admits, and the wait for the one after it.
  private func add(
    _ rules: [Rule], _ notices: inout [LimitNotice]
  ) throws(StoreFailure) -> [(left: Int, next: RollingCounter.Wait)] {
    var added: [(left: Int, next: RollingCounter.Wait)] = []
    added.reserveCapacity(rules.count)
    for rule in rules {
      let credit = rule.id.growsWithCredit ? try credit(rule.key) : nil
      // All in one look: there are some fifteen of them in each message.
      let (total, next, raised) = try change(rule) { counter in
        counter.add(rule.limit, now: now)
        let next =
          if let credit {
            counter.wait(rule.limit, credit, now: now)
          } else {
            counter.wait(rule.limit, cooldowns: rule.cooldownsOfNext, now: now)
          }
        return (counter.total, next, counter.raiseAlarms(of: rule, now: now))
      }
      for percent in raised {
        notices.append(.reached(rule.id, percent: percent, count: total, limit: rule.alarmLimit))
      }
      let limit = credit.map { rule.limit.grown(by: $0.growth(at: now)) } ?? rule.limit
      added.append((max(0, limit.count - total), next))
    }
    return added
  }

  /// See `CounterStore.wait`.
  package func wait(for request: ReservationRequest) throws(StoreFailure) -> Duration? {
    let isTrusted = try isTrusted(request)
    let rules = request.rules(isTrusted: isTrusted)
    var judgement = try judge(rules, request)
    // While watching nothing stands in the way but the answer to an earlier message.
    if request.mode == .watch { return judgement.cooldown.duration }
    _ = try judgeShared(&judgement, rules, request, isTrusted: isTrusted, isAsking: false)
    return judgement.reasons.isEmpty ? .zero : Refusal(judgement.reasons).retryAfter
  }

  /// What stands in the way of a request, and whose it is.
  private struct Judgement {
    var reasons: [Refusal.Reason] = []
    /// The longest wait of its own rules, and of those of them that have cooldowns.
    var wait = RollingCounter.Wait.milliseconds(0)
    var cooldown = RollingCounter.Wait.milliseconds(0)
    /// Whether an earlier message of the same number and browser answers it.
    var isBetweenSends = false
    var takesChance = false
    var challenge: Int?
    /// Nil for a try.
    var rank: SenderRank?
    /// The same inside a ration.
    var rationRank = SenderRank.stranger
    /// Nil where the budget is not shared out, and for who passes by that.
    var asker: BudgetState.Asker?
  }

  private func isTrusted(_ request: ReservationRequest) throws(StoreFailure) -> Bool {
    try trusted(request.pair.number)[request.pair.browser] != nil
  }

  /// By its own rules.
  private func judge(_ rules: [Rule], _ request: ReservationRequest) throws(StoreFailure) -> Judgement {
    var judgement = Judgement()
    for rule in rules {
      let wait = try wait(rule)
      guard wait != .milliseconds(0) else { continue }
      if let exception = try exception(to: rule, request, isResend: request.isResend) {
        if exception == .chance { judgement.takesChance = true }
        continue
      }
      judgement.reasons.append(Refusal.Reason(rule.id, wait: wait.duration))
      judgement.wait = max(judgement.wait, wait)
      if !rule.cooldowns.isEmpty {
        judgement.isBetweenSends = true
        judgement.cooldown = max(judgement.cooldown, wait)
      }
    }
    return judgement
  }

  /// By what is shared out among many: the rations of its ranges and the site's budget.
  ///
  /// - Parameter isAsking: whether somebody asks for it now. Who only wants to know how long it takes changes nothing.
  /// - Returns: what the owner should hear of; nothing where nobody asks.
  private func judgeShared(
    _ judgement: inout Judgement, _ rules: [Rule], _ request: ReservationRequest, isTrusted: Bool, isAsking: Bool
  ) throws(StoreFailure) -> [LimitNotice] {
    guard let rank = try rank(of: request, isTrusted: isTrusted) else { return [] }
    judgement.rank = rank
    judgement.rationRank = try rationRank(rank, request)
    var notices: [LimitNotice] = []
    // Who has to wait for something else comes later, when what is young now is judged.
    let start = if case .milliseconds(let wait) = judgement.wait { now + wait } else { now }
    for ration in request.rations(of: rank) {
      let credit = try credit(ration.key)
      let (wait, notice) = try withState(of: ration) { state in
        let rank = judgement.rationRank
        let wait = state.wait(ration, credit, as: rank, now: now)
        var notice: LimitNotice?
        if isAsking {
          // It is the owner's news when strangers have to wait there, not when those do who owe messages.
          let ofStrangers = rank == .stranger ? wait : state.wait(ration, credit, as: .stranger, now: now)
          if ofStrangers == .milliseconds(0) {
            notice = state.end(ration, credit, now: now)
          } else if wait != .milliseconds(0) {
            notice = state.begin(ration, now: now)
          }
        }
        let later = start == now ? wait : state.wait(ration, credit, as: rank, from: start, now: now)
        return ((later, notice), isChanged: notice != nil)
      }
      if wait > .milliseconds(start - now) { judgement.reasons.append(Refusal.Reason(ration.id, wait: wait.duration)) }
      guard let notice else { continue }
      notices.append(notice)
      if case .rationBegan = notice { try list(ration, request.share) }
    }
    guard rank != .trusted, let share = request.share else { return notices }
    let asker = BudgetState.Asker(
      share: share, rank: rank, passedChallenge: request.passedChallenge,
      sends: try look(at: share.rule) { $0.total }, isDebtor: judgement.rationRank == .indebted)
    judgement.asker = asker
    guard rank != .first else { return notices }
    let isAlone = judgement.reasons.isEmpty
    let (obstacle, notice) = try obstacle(asker, rules, isAlone: isAlone, isAsking: isAsking)
    if let notice { notices.append(notice) }
    if let obstacle {
      // Who is refused for another reason too would be refused with it as well.
      if isAlone { judgement.challenge = obstacle.challenge }
      judgement.reasons.append(Refusal.Reason(obstacle.id, wait: .milliseconds(obstacle.wait)))
    }
    return notices
  }

  /// Whose message it is; nil for a try.
  private func rank(of request: ReservationRequest, isTrusted: Bool) throws(StoreFailure) -> SenderRank? {
    guard let net = request.net else { return nil }
    if isTrusted, try hasTrustLeft(request) { return .trusted }
    if let proof = request.proof, try hasProofLeft(proof, request.share) { return .first }
    if request.isOfOwnNetwork { return .known }
    if try credit(net).isGood(at: now) { return .known }
    return try debt(net).isGood(at: now) ? .indebted : .stranger
  }

  /// The same inside a ration. What a net has left unverified of an attempt is nothing against its being sent again: whoever is
  /// alone there gets as many as a net of which nothing is known.
  ///
  /// - Parameter isNext: whether it is the message after this one that is asked about: that is sent again.
  private func rationRank(
    _ rank: SenderRank, _ request: ReservationRequest, isNext: Bool = false
  ) throws(StoreFailure) -> SenderRank {
    guard rank == .indebted, isNext || request.isResend, let net = request.net else { return rank }
    let resends = request.rules.first { $0.id == .attemptResends }
    let messages = try 1 + (resends.map { rule throws(StoreFailure) in try look(at: rule) { $0.total } } ?? 0)
    return try debt(net).value(at: now) > Int64(messages) * 1000 + 500 ? .indebted : .stranger
  }

  /// Whether a trusted browser passes by what is shared out: for as many messages a day as one may have, in all browsers
  /// that are trusted with its number together. With one telephone nobody makes sixteen of them.
  private func hasTrustLeft(_ request: ReservationRequest) throws(StoreFailure) -> Bool {
    guard let limit = request.trustedRules.first(where: { $0.id == .trustedDay })?.limit else { return true }
    return try counter(.trustedSends, of: request.pair.number, limit).total < limit.count
  }

  private func hasProofLeft(_ proof: CounterKey, _ share: BudgetShare?) throws(StoreFailure) -> Bool {
    guard try counter(.proofSends, of: proof, Self.sendsOfProof).total < Self.sendsOfProof.count else { return false }
    guard let share else { return true }
    return try withBudget(of: share.site) { ($0.hasProofLeft(share, now: now), isChanged: false) }
  }

  /// A proof can be copied: so many messages go first with those of one subject, like a message and "Send again".
  static let sendsOfProof = Limit(4, per: .day)

  /// Adds a message to what is shared out.
  ///
  /// - Parameter isOverLimits: whether any limit would refuse it.
  /// - Returns: the rations that it was not added to as one that nobody has verified.
  private func countShared(
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

  /// How long until the message after this one, which was counted just now.
  ///
  /// - Parameter waits: what each of the rules says of it.
  private func waitForNext(
    _ rules: [Rule], _ waits: [RollingCounter.Wait], _ request: ReservationRequest, isTrusted: Bool
  ) throws(StoreFailure) -> RollingCounter.Wait {
    let isWatching = request.isSend && request.mode == .watch
    var next = RollingCounter.Wait.milliseconds(0)
    // While watching nothing stands in the way but the answer to this one.
    for (rule, wait) in zip(rules, waits) where wait > next && (!isWatching || !rule.cooldownsOfNext.isEmpty) {
      if try exception(to: rule, request, isResend: true) == nil { next = wait }
    }
    guard request.isSend, !isWatching, case .milliseconds(let wait) = next,
      let rank = try rank(of: request, isTrusted: isTrusted)
    else { return next }
    let rationRank = try rationRank(rank, request, isNext: true)
    for ration in request.rations(of: rank) {
      let credit = try credit(ration.key)
      next = max(
        next,
        try withState(of: ration) {
          ($0.wait(ration, credit, as: rationRank, from: now + wait, now: now), isChanged: false)
        })
    }
    guard rank != .trusted, rank != .first, let share = request.share else { return next }
    if let kept = try keptFromRank(rank, rules) { next = max(next, .milliseconds(kept.wait)) }
    let pace = try withBudget(of: share.site) { ($0.waitForPace(share, as: rank, now: now), isChanged: false) }
    return max(next, .milliseconds(pace))
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

  /// Puts a ration that begins on the owner's list.
  private func list(_ ration: Ration, _ share: BudgetShare?) throws(StoreFailure) {
    guard let share else { return }
    let range = RationedRange(
      id: ration.id, key: ration.key, prefix4: share.prefix4 ?? ration.key, sealed: share.sealedRange, since: now)
    try withBudget(of: share.site) { ($0.list(range), isChanged: true) }
  }

  /// - Parameter isAlone: whether nothing else stands in the way: only then is it one more that wants a part.
  private func obstacle(
    _ asker: BudgetState.Asker, _ rules: [Rule], isAlone: Bool, isAsking: Bool
  ) throws(StoreFailure) -> (BudgetState.Obstacle?, LimitNotice?) {
    let share = asker.share
    let kept = try keptFromRank(asker.rank, rules)
    let (obstacle, notice) = try withBudget(of: share.site) { state in
      // Who is only too late for this hour comes again in the next one, and takes his turn then.
      let isNew =
        isAsking && isAlone && asker.rank == .stranger && kept?.id != .siteHour && state.note(share, now: now)
      let obstacle = asker.rank == .known || kept != nil ? nil : state.obstacle(asker, now: now)
      let pace = state.waitForPace(share, as: asker.rank, now: now)
      var notice: LimitNotice?
      if isAsking, obstacle != nil { notice = isAlone ? state.begin(asker, now: now) : nil }
      if isAsking, obstacle == nil, kept == nil { notice = state.end(asker, now: now) }
      // Whoever comes when the hour's part is there again finds the pace.
      let longest = kept.map { BudgetState.Obstacle(id: $0.id, wait: max($0.wait, pace)) }
      return ((longest ?? obstacle, notice), isChanged: isNew || notice != nil)
    }
    return (obstacle, notice)
  }

  /// The rest of the budget is for those who come before: of the hour and the day, what is longer in the way.
  private func keptFromRank(
    _ rank: SenderRank, _ rules: [Rule]
  ) throws(StoreFailure) -> BudgetState.Obstacle? {
    var longest: BudgetState.Obstacle?
    for rule in rules where rule.id == .siteHour || rule.id == .siteDay {
      var limit = rule.limit
      limit.count -= limit.count * rank.kept / 100
      if case .milliseconds(let wait) = try look(at: rule, { $0.wait(limit, cooldowns: [], now: now) }),
        wait > longest?.wait ?? 0
      {
        longest = BudgetState.Obstacle(id: rule.id, wait: wait)
      }
    }
    return longest
  }

  private func begin(
    _ id: [UInt8], _ request: ReservationRequest, _ state: OpenSend.State
  ) throws(StoreFailure) {
    var sends = try openSends(request.pair.number)
    sends.add(
      OpenSend(
        reservationID: id, time: now, until: now + Reservation.life.milliseconds, browser: request.pair.browser.mark,
        net: request.net?.mark ?? 0, state: state))
    try setOpenSends(sends, of: request.pair.number)
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
