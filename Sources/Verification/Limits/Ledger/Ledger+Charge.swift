extension Ledger {
  /// See `CounterStore.charge`.
  ///
  /// - Parameter id: 16 random bytes, the receipt's name.
  package mutating func charge(_ charge: Charge, id: [UInt8]) throws(StoreFailure) -> ChargeDecision {
    if let claim = charge.claim, try isMarked(.claimed(claim)) { return ChargeDecision(.used) }
    if let nonce = charge.nonce, let send = try sent(nonce) { return ChargeDecision(.repeated(send.state(now: now))) }

    let isKnown = try known(charge.pair.number)[charge.pair.browser] != nil
    let rules = charge.rules + (isKnown ? charge.knownRules : charge.strangerRules)
    var counters: [RollingCounter] = []
    var reasons: [Refusal.Reason] = []
    var isBetweenSends = false
    for rule in rules {
      let counter = try counter(rule)
      counters.append(counter)
      let wait = counter.wait(rule.limit, gaps: rule.gaps, now: now)
      guard wait != .milliseconds(0) else { continue }
      reasons.append(Refusal.Reason(rule.row, wait: wait.duration))
      isBetweenSends = isBetweenSends || !rule.gaps.isEmpty
    }
    if isBetweenSends, charge.isSend, let send = try running(charge.pair.number)[charge.pair.browser]?.newest {
      return ChargeDecision(.repeated(send.state(now: now)))
    }

    var notices: [LimitNotice] = []
    let guards = isKnown ? [] : charge.guards
    var states: [GuardState] = []
    for conversionGuard in guards {
      var state = try GuardState(try space.read(conversionGuard.record))
      if let notice = state.judge(conversionGuard, now: now) {
        notices.append(notice)
        try write(conversionGuard.record, state.record, expires: state.expires(conversionGuard.terms))
      }
      states.append(state)
      let wait = state.wait(now: now)
      if wait > 0 { reasons.append(Refusal.Reason(conversionGuard.row, wait: .milliseconds(wait))) }
    }

    let refusal = reasons.isEmpty ? nil : Refusal(reasons)
    if let refusal, charge.mode == .enforce { return ChargeDecision(.refused(refusal), notices: notices) }

    var left: [LimitRow: Int] = [:]
    var next = RollingCounter.Wait.milliseconds(0)
    for (index, rule) in rules.enumerated() {
      counters[index].add(rule.limit, now: now)
      let total = counters[index].total
      for percent in counters[index].ring(rule, now: now) {
        notices.append(.reached(rule.row, percent: percent, count: total, limit: rule.alarmLimit))
      }
      left[rule.row] = max(0, rule.limit.count - total)
      next = max(next, counters[index].wait(rule.limit, gaps: rule.gapsOfNext, now: now))
      try write(rule.record, counters[index].record, expires: counters[index].expires(rule.limit))
    }
    for (index, conversionGuard) in guards.enumerated() {
      states[index].sent.add(GuardState.limit(conversionGuard.terms), now: now)
      try write(conversionGuard.record, states[index].record, expires: states[index].expires(conversionGuard.terms))
    }

    let receipt = Receipt(id: id, time: now, rules: rules, guards: guards, of: charge)
    if charge.isSend { try takeOff(receipt, charge) }
    return ChargeDecision(
      .admitted(Admission(receipt: receipt, next: next.duration, left: left, wouldRefuse: refusal)), notices: notices)
  }

  private mutating func takeOff(_ receipt: Receipt, _ charge: Charge) throws(StoreFailure) {
    try mark(.pending(receipt.id, to: receipt.pair.number), until: now + Receipt.life.milliseconds)
    var send = RunningSend(receipt: receipt.id, landsBy: now + charge.flight.milliseconds, until: 0)
    if let nonce = charge.nonce {
      send.until = now + charge.nonceLife.milliseconds
      try write(.nonce(nonce), send.record, expires: send.until)
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
