package import Limits

extension Ledger {
  /// See `CounterStore.charge`.
  ///
  /// - Parameter id: 16 random bytes, the receipt's name.
  package func charge(_ charge: Charge, id: [UInt8]) throws(StoreFailure) -> ChargeOutcome {
    if let claim = charge.claim, try isClaimed(claim) { return ChargeOutcome(.used) }
    if let nonce = charge.nonce, let send = try sent(nonce) { return ChargeOutcome(.repeated(send.state(now: now))) }

    let isKnown = try known(charge.pair.number)[charge.pair.browser] != nil
    let rules = charge.rules(isKnown: isKnown)
    var reasons: [Refusal.Reason] = []
    var isBetweenSends = false
    for rule in rules {
      let wait = try look(at: rule) { $0.wait(rule.limit, gaps: rule.gaps, now: now) }
      guard wait != .milliseconds(0) else { continue }
      reasons.append(Refusal.Reason(rule.row, wait: wait.duration))
      isBetweenSends = isBetweenSends || !rule.gaps.isEmpty
    }
    if isBetweenSends, charge.isSend, let send = try running(charge.pair.number)[charge.pair.browser]?.newest {
      return ChargeOutcome(.repeated(send.state(now: now)))
    }

    var notices: [LimitNotice] = []
    let guards = charge.guards(isKnown: isKnown)
    for conversionGuard in guards {
      let (wait, notice) = try withState(of: conversionGuard) { state in
        let notice = state.judge(conversionGuard, now: now)
        return ((state.wait(now: now), notice), isChanged: notice != nil)
      }
      if let notice { notices.append(notice) }
      if wait > 0 { reasons.append(Refusal.Reason(conversionGuard.row, wait: .milliseconds(wait))) }
    }

    let refusal = reasons.isEmpty ? nil : Refusal(reasons)
    if let refusal, charge.mode == .enforce { return ChargeOutcome(.refused(refusal), notices: notices) }

    var left: [Int] = []
    var next = RollingCounter.Wait.milliseconds(0)
    left.reserveCapacity(rules.count)
    for rule in rules {
      let (total, rung, wait) = try change(rule) { counter in
        counter.add(rule.limit, now: now)
        let rung = counter.ring(rule, now: now)
        return (counter.total, rung, counter.wait(rule.limit, gaps: rule.gapsOfNext, now: now))
      }
      for percent in rung {
        notices.append(.reached(rule.row, percent: percent, count: total, limit: rule.alarmLimit))
      }
      left.append(max(0, rule.limit.count - total))
      next = max(next, wait)
    }
    for conversionGuard in guards {
      try change(conversionGuard) { $0.sent.add(conversionGuard.limit, now: now) }
    }

    if charge.isSend { try takeOff(id, charge) }
    return ChargeOutcome(
      .admitted(
        ChargeOutcome.Passage(isKnown: isKnown, time: now, next: next.duration, left: left, wouldRefuse: refusal)),
      notices: notices)
  }

  private func takeOff(_ id: [UInt8], _ charge: Charge) throws(StoreFailure) {
    var pending = try pending(charge.pair.number)
    pending.add(id, until: now + Receipt.life.milliseconds)
    try setPending(pending, of: charge.pair.number)
    var send = RunningSend(receipt: id, landsBy: now + charge.flight.milliseconds, until: 0)
    if let nonce = charge.nonce {
      send.until = now + charge.nonceLife.milliseconds
      try row(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    if let life = charge.runningLife {
      send.until = now + life.milliseconds
      var list = try running(charge.pair.number)
      var stack = list[charge.pair.browser] ?? SendStack()
      stack.push(send)
      list[charge.pair.browser] = stack
      try setRunning(list, of: charge.pair.number)
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
