extension Ledger {
  /// See `CounterStore.finish`.
  package mutating func finish(_ receipt: Receipt, answer: [UInt8]) throws(StoreFailure) -> Bool {
    guard try isMarked(.pending(receipt.id, to: receipt.pair.number)) else { return false }
    try remove(.pending(receipt.id, to: receipt.pair.number))
    if let nonce = receipt.nonce, var send = try sent(nonce), send.receipt == receipt.id {
      send.answer = answer
      try write(.nonce(nonce), send.record, expires: send.until)
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.finish(receipt.id, answer: answer) {
      list[receipt.pair.browser] = stack
      try setRunning(list, of: receipt.pair.number)
    }
    return true
  }

  /// See `CounterStore.refund`.
  package mutating func refund(_ receipt: Receipt) throws(StoreFailure) -> Bool {
    guard try isMarked(.pending(receipt.id, to: receipt.pair.number)) else { return false }
    try remove(.pending(receipt.id, to: receipt.pair.number))
    try giveBack(receipt.rules, chargedAt: receipt.time)
    for conversionGuard in receipt.guards {
      var state = try GuardState(try space.read(conversionGuard.record))
      state.sent.remove(at: receipt.time, GuardState.limit(conversionGuard.terms), now: now)
      try write(conversionGuard.record, state.record, expires: state.expires(conversionGuard.terms))
    }
    if let nonce = receipt.nonce, let send = try sent(nonce), send.receipt == receipt.id {
      try remove(.nonce(nonce))
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.remove(receipt.id) {
      list[receipt.pair.browser] = stack.newest == nil ? nil : stack
      try setRunning(list, of: receipt.pair.number)
    }
    return true
  }

  /// See `CounterStore.answer`.
  package mutating func answer(nonce: CounterKey?, pair: Charge.Pair) throws(StoreFailure) -> Repeat? {
    if let nonce, let send = try sent(nonce) { return send.state(now: now) }
    return try running(pair.number)[pair.browser]?.newest?.state(now: now)
  }

  /// See `CounterStore.claim`.
  package mutating func claim(_ claim: Claim) throws(StoreFailure) -> Bool {
    guard try !isMarked(.claimed(claim.key)) else { return false }
    try mark(.claimed(claim.key), until: now + claim.life.milliseconds)
    try giveBack(claim.receipt.rulesOfWrongOnly, chargedAt: claim.receipt.time)
    for rule in claim.cleared { try remove(rule.record) }
    let pair = claim.receipt.pair
    var browsers = try known(pair.number)
    // A guard that counted the successes of sends that it did not count would never close.
    for conversionGuard in browsers[pair.browser] == nil ? claim.guards : [] {
      var state = try GuardState(try space.read(conversionGuard.record))
      let limit = GuardState.limit(conversionGuard.terms)
      state.verified.trim(to: limit, now: now)
      state.verified.add(limit, now: now)
      try write(conversionGuard.record, state.record, expires: state.expires(conversionGuard.terms))
    }
    browsers[pair.browser] = now + claim.knownLife.milliseconds
    // Who is no longer in the list is found by nobody: what was counted there must not outlive that.
    for entry in try everKnown(pair.number).entries where browsers[CounterKey(entry.browser)] == nil {
      try removeRows(of: pair.number, in: entry.browser)
    }
    let last = browsers.entries.map(\.value).max() ?? now
    try write(.known(pair.number), browsers.record { $1.put($0) }, expires: last)
    // Who asks for a message after this gets a new one, not the page of the request that is used up.
    var list = try running(pair.number)
    if list[pair.browser] != nil {
      list[pair.browser] = nil
      try setRunning(list, of: pair.number)
    }
    return true
  }

  private mutating func giveBack(_ rules: [Rule], chargedAt time: Int64) throws(StoreFailure) {
    for rule in rules {
      var counter = try counter(rule)
      counter.remove(at: time, rule.limit, now: now)
      try write(rule.record, counter.record, expires: counter.expires(rule.limit))
    }
  }
}
