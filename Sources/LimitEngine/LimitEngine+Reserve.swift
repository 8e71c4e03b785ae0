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
    var reasons: [Refusal.Reason] = []
    var isBetweenSends = false
    for rule in rules {
      let wait = try look(at: rule) { $0.wait(rule.limit, cooldowns: rule.cooldowns, now: now) }
      guard wait != .milliseconds(0) else { continue }
      reasons.append(Refusal.Reason(rule.id, wait: wait.duration))
      isBetweenSends = isBetweenSends || !rule.cooldowns.isEmpty
    }
    if isBetweenSends, request.isSend, let send = try running(request.pair.number)[request.pair.browser]?.newest {
      return EngineDecision(.replayed(send.state(now: now)))
    }

    var notices: [LimitNotice] = []
    let breakers = request.breakers(isTrusted: isTrusted)
    for breaker in breakers {
      let (wait, notice) = try withState(of: breaker) { state in
        let notice = state.evaluate(breaker, now: now)
        return ((state.wait(now: now), notice), isChanged: notice != nil)
      }
      if let notice { notices.append(notice) }
      if wait > 0 { reasons.append(Refusal.Reason(breaker.id, wait: .milliseconds(wait))) }
    }

    let refusal = reasons.isEmpty ? nil : Refusal(reasons)
    if let refusal, request.mode == .enforce { return EngineDecision(.refused(refusal), notices: notices) }

    var left: [Int] = []
    var next = RollingCounter.Wait.milliseconds(0)
    left.reserveCapacity(rules.count)
    for rule in rules {
      let (total, raised, wait) = try change(rule) { counter in
        counter.add(rule.limit, now: now)
        let raised = counter.raiseAlarms(of: rule, now: now)
        return (counter.total, raised, counter.wait(rule.limit, cooldowns: rule.cooldownsOfNext, now: now))
      }
      for percent in raised {
        notices.append(.reached(rule.id, percent: percent, count: total, limit: rule.alarmLimit))
      }
      left.append(max(0, rule.limit.count - total))
      next = max(next, wait)
    }
    for breaker in breakers {
      try change(breaker) { $0.sent.add(breaker.limit, now: now) }
    }

    if request.isSend { try begin(id, request) }
    return EngineDecision(
      .permitted(
        BarePermit(
          isTrusted: isTrusted, time: now, next: next.duration, left: left, wouldRefuse: refusal)),
      notices: notices)
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
