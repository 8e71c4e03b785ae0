package import Limits

extension Ledger {
  /// See `CounterStore.finish`.
  package func finish(_ receipt: Receipt, answer: [UInt8], wasSent: Bool) throws(StoreFailure) -> Settlement {
    guard try land(receipt) else { return Settlement(isDone: false) }
    let notices = wasSent ? [] : try takeOutOfGuards(receipt)
    if let nonce = receipt.nonce, var send = try sent(nonce), send.receipt == receipt.id {
      send.answer = answer
      try row(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.finish(receipt.id, answer: answer) {
      list[receipt.pair.browser] = stack
      try setRunning(list, of: receipt.pair.number)
    }
    return Settlement(isDone: true, notices: notices)
  }

  /// See `CounterStore.refund`.
  package func refund(_ receipt: Receipt) throws(StoreFailure) -> Settlement {
    guard try land(receipt) else { return Settlement(isDone: false) }
    try giveBack(receipt.rules, chargedAt: receipt.time)
    let notices = try takeOutOfGuards(receipt)
    if let nonce = receipt.nonce, let send = try sent(nonce), send.receipt == receipt.id {
      try row(nonce).remove(.nonce)
    }
    var list = try running(receipt.pair.number)
    if var stack = list[receipt.pair.browser], stack.remove(receipt.id) {
      list[receipt.pair.browser] = stack.newest == nil ? nil : stack
      try setRunning(list, of: receipt.pair.number)
    }
    return Settlement(isDone: true, notices: notices)
  }

  /// See `CounterStore.answer`.
  package func answer(nonce: CounterKey?, pair: Charge.Pair) throws(StoreFailure) -> Repeat? {
    if let nonce, let send = try sent(nonce) { return send.state(now: now) }
    return try running(pair.number)[pair.browser]?.newest?.state(now: now)
  }

  /// See `CounterStore.claim`.
  package func claim(_ claim: Claim) throws(StoreFailure) -> Settlement {
    guard try !isClaimed(claim.key) else { return Settlement(isDone: false) }
    try setClaimed(claim.key, until: now + claim.life.milliseconds)
    try giveBack(claim.receipt.rulesOfWrongOnly, chargedAt: claim.receipt.time)
    for rule in claim.cleared { try remove(rule.row, of: rule.key) }
    let pair = claim.receipt.pair
    var browsers = try known(pair.number)
    // A guard that counted the successes of sends that it did not count would never close.
    let guards = browsers[pair.browser] == nil ? claim.guards : []
    let notices = try noticesOfChange(guards) { $0.verify($1, now: now) }
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
    return Settlement(isDone: true, notices: notices)
  }

  /// - Returns: whether the send was on its way until now.
  private func land(_ receipt: Receipt) throws(StoreFailure) -> Bool {
    var pending = try pending(receipt.pair.number)
    guard pending.remove(receipt.id) else { return false }
    try setPending(pending, of: receipt.pair.number)
    return true
  }

  private func takeOutOfGuards(_ receipt: Receipt) throws(StoreFailure) -> [LimitNotice] {
    try noticesOfChange(receipt.guards) { $0.remove(sendAt: receipt.time, $1, now: now) }
  }

  private func noticesOfChange(
    _ guards: [ConversionGuard], _ body: (inout GuardState, ConversionGuard) -> LimitNotice?
  ) throws(StoreFailure) -> [LimitNotice] {
    var notices: [LimitNotice] = []
    for conversionGuard in guards {
      let notice = try withState(of: conversionGuard) { state in (body(&state, conversionGuard), isChanged: true) }
      if let notice { notices.append(notice) }
    }
    return notices
  }

  private func giveBack(_ rules: [Rule], chargedAt time: Int64) throws(StoreFailure) {
    for rule in rules {
      try change(rule) { $0.remove(at: time, rule.limit, now: now) }
    }
  }
}
