package import Limits

extension LimitEngine {
  /// See `CounterStore.reserve`.
  ///
  /// - Parameter id: 16 random bytes, the reservation's name.
  package func reserve(_ request: ReservationRequest, id: [UInt8]) throws(StoreFailure) -> EngineDecision {
    if let key = request.oneTimeKey, try isConsumed(key) { return EngineDecision(.consumed) }
    if let nonce = request.nonce, let send = try sent(nonce) { return EngineDecision(.replayed(send.state(now: now))) }

    let trustedUntil = try trustedUntil(request.pair)
    let isTrusted = trustedUntil > now
    let rules = request.rules(isTrusted: isTrusted)
    if request.looksAutomated { return try countAutomated(rules, request) }
    var judgement = try judge(rules, request)
    if judgement.isBetweenSends, request.isSend,
      let send = try running(request.pair.number)[request.pair.browser]?.newest
    {
      return EngineDecision(.replayed(send.state(now: now)))
    }
    var notices = try judgeShared(&judgement, rules, request, isTrusted: isTrusted, isAsking: true)

    let refusal = try refusal(&judgement, rules, request, trustedUntil: trustedUntil)
    if let refusal, request.mode == .enforce { return EngineDecision(.refused(refusal), notices: notices) }

    // What is over another limit too, and passes only because that is watched, takes nothing.
    let takesChance = judgement.takesChance && refusal == nil
    if takesChance, let share = request.share { try takeChance(share) }
    let added = try add(rules, &notices)
    let unchargedRations = try countShared(judgement, request, isOverLimits: refusal != nil)
    let next = try timeOfNext(rules, added, request, trustedUntil: trustedUntil)

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
          isTrusted: isTrusted, time: now, next: next.wait(from: now),
          left: added.map(\.left), wouldRefuse: refusal, rank: judgement.rank,
          unchargedRations: unchargedRations, tookChance: takesChance)),
      notices: notices)
  }

  /// A message or a try, as a counter has it that it was added to.
  struct Added {
    /// How many more the rule admits.
    let left: Int
    /// From when on it admits the next one.
    let next: Int64
    /// Whether it does so whatever becomes of credit, or of an exception to it.
    let isSure: Bool
  }

  /// Adds the message or the try to its own counters.
  private func add(_ rules: [Rule], _ notices: inout [LimitNotice]) throws(StoreFailure) -> [Added] {
    var added: [Added] = []
    added.reserveCapacity(rules.count)
    for rule in rules {
      let credit = rule.id.growsWithCredit ? try credit(rule.key) : nil
      // All in one look: there are some fifteen of them in each message.
      let (total, next, raised) = try change(rule) { counter in
        counter.add(rule.limit, now: now)
        let next =
          if let credit {
            counter.time(rule.limit, credit, from: now)
          } else {
            counter.time(rule.limit, cooldowns: rule.cooldownsOfNext, from: now)
          }
        return (counter.total, next, counter.raiseAlarms(of: rule, now: now))
      }
      for percent in raised {
        notices.append(.reached(rule.id, percent: percent, count: total, limit: rule.alarmLimit))
      }
      let limit = credit.map { rule.limit.grown(by: $0.growth(at: now)) } ?? rule.limit
      added.append(Added(left: max(0, limit.count - total), next: next, isSure: total < rule.limit.count))
    }
    return added
  }

  /// Counts a form that no person has filled in: like a message that nobody verified, for as long as its address, its
  /// net's hour and its browser still admit one. Whoever sends more of them changes nothing. The net's day is left as it
  /// is: two such forms, which cost nothing, would shut the net for all others.
  private func countAutomated(
    _ rules: [Rule], _ request: ReservationRequest
  ) throws(StoreFailure) -> EngineDecision {
    for rule in rules where rule.id.countsWhoeverAsks {
      guard try time(rule, from: now) == now else { continue }
      try change(rule) { $0.add(rule.limit, now: now) }
    }
    return EngineDecision(.refused(Refusal([Refusal.Reason(.formAutomated, wait: .seconds(60))])))
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
