extension Ledger {
  /// See `CounterStore.finish`.
  package func finish(_ receipt: Receipt, answer: [UInt8]) throws(StoreFailure) -> Bool {
    guard try land(receipt) else { return false }
    if let nonce = receipt.nonce, var send = try sent(nonce), send.receipt == receipt.id {
      send.answer = answer
      try row(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.finish(receipt.id, answer: answer) {
      list[receipt.pair.browser] = stack
      try setRunning(list, of: receipt.pair.number)
    }
    return true
  }

  /// See `CounterStore.refund`.
  package func refund(_ receipt: Receipt) throws(StoreFailure) -> Bool {
    guard try land(receipt) else { return false }
    try giveBack(receipt.rules, chargedAt: receipt.time)
    for conversionGuard in receipt.guards {
      try change(conversionGuard) { $0.sent.remove(at: receipt.time, conversionGuard.limit, now: now) }
    }
    if let nonce = receipt.nonce, let send = try sent(nonce), send.receipt == receipt.id {
      try row(nonce).remove(.nonce)
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.remove(receipt.id) {
      list[receipt.pair.browser] = stack.newest == nil ? nil : stack
      try setRunning(list, of: receipt.pair.number)
    }
    return true
  }

  /// See `CounterStore.answer`.
  package func answer(nonce: CounterKey?, pair: Charge.Pair) throws(StoreFailure) -> Repeat? {
    if let nonce, let send = try sent(nonce) { return send.state(now: now) }
    return try running(pair.number)[pair.browser]?.newest?.state(now: now)
  }

  /// See `CounterStore.claim`.
  package func claim(_ claim: Claim) throws(StoreFailure) -> Bool {
    guard try !isClaimed(claim.key) else { return false }
    try setClaimed(claim.key, until: now + claim.life.milliseconds)
    try giveBack(claim.receipt.rulesOfWrongOnly, chargedAt: claim.receipt.time)
    for rule in claim.cleared { try remove(rule.row, of: rule.key) }
    let pair = claim.receipt.pair
    var browsers = try known(pair.number)
    // A guard that counted the successes of sends that it did not count would never close.
    for conversionGuard in browsers[pair.browser] == nil ? claim.guards : [] {
      try change(conversionGuard) { state in
        state.verified.trim(to: conversionGuard.limit, now: now)
        state.verified.add(conversionGuard.limit, now: now)
      }
    }
    browsers[pair.browser] = now + claim.knownLife.milliseconds
    // Who is no longer in the list is found by nobody: what was counted there must not outlive that.
    for entry in try everKnown(pair.number).entries where browsers[CounterKey(entry.browser)] == nil {
      try removeRows(of: pair.number, in: entry.browser)
    }
    let last = browsers.entries.map(\.value).max() ?? now
    try row(pair.number).set(.known, to: browsers.record { $1.put($0) }, expires: last)
    // Who asks for a message after this gets a new one, not the page of the request that is used up.
    var list = try running(pair.number)
    if list[pair.browser] != nil {
      list[pair.browser] = nil
      try setRunning(list, of: pair.number)
    }
    return true
  }

  /// - Returns: whether the send was on its way until now.
  private func land(_ receipt: Receipt) throws(StoreFailure) -> Bool {
    var pending = try pending(receipt.pair.number)
    guard pending.remove(receipt.id) else { return false }
    try setPending(pending, of: receipt.pair.number)
    return true
  }

  private func giveBack(_ rules: [Rule], chargedAt time: Int64) throws(StoreFailure) {
    for rule in rules {
      try change(rule) { $0.remove(at: time, rule.limit, now: now) }
    }
  }
}
