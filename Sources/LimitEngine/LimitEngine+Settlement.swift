package import Limits

extension LimitEngine {
  /// See `CounterStore.commit`.
  package func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) throws(StoreFailure) -> Settlement {
    guard try end(reservation) else { return Settlement(isDone: false) }
    let notices = wasSent ? [] : try takeOutOfBreakers(reservation)
    if let nonce = reservation.nonce, var send = try sent(nonce), send.reservationID == reservation.id {
      send.answer = answer
      try record(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    var list = try running(reservation.pair.number)
    if var stack = list[reservation.pair.browser], stack.commit(reservation.id, answer: answer) {
      list[reservation.pair.browser] = stack
      try setRunning(list, of: reservation.pair.number)
    }
    return Settlement(isDone: true, notices: notices)
  }

  /// See `CounterStore.release`.
  package func release(_ reservation: Reservation) throws(StoreFailure) -> Settlement {
    guard try end(reservation) else { return Settlement(isDone: false) }
    try giveBack(reservation.rules, reservedAt: reservation.time)
    let notices = try takeOutOfBreakers(reservation)
    if let nonce = reservation.nonce, let send = try sent(nonce), send.reservationID == reservation.id {
      try record(nonce).remove(.nonce)
    }
    var list = try running(reservation.pair.number)
    if var stack = list[reservation.pair.browser], stack.remove(reservation.id) {
      list[reservation.pair.browser] = stack.newest == nil ? nil : stack
      try setRunning(list, of: reservation.pair.number)
    }
    return Settlement(isDone: true, notices: notices)
  }

  /// See `CounterStore.answer`.
  package func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) throws(StoreFailure) -> IdempotentReplay? {
    if let nonce, let send = try sent(nonce) { return send.state(now: now) }
    return try running(pair.number)[pair.browser]?.newest?.state(now: now)
  }

  /// See `CounterStore.consume`.
  package func consume(_ use: OneTimeUse) throws(StoreFailure) -> Settlement {
    guard try !isConsumed(use.key) else { return Settlement(isDone: false) }
    try setConsumed(use.key, until: now + use.life.milliseconds)
    if let message = use.message { try post(message) }
    guard let reservation = use.reservation else { return Settlement(isDone: true) }
    try giveBack(reservation.rulesOfWrongOnly, reservedAt: reservation.time)
    for rule in use.cleared { try remove(rule.id, of: rule.key) }
    let pair = reservation.pair
    var browsers = try trusted(pair.number)
    // A breaker that counted the successes of sends that it did not count would never open.
    let breakers = browsers[pair.browser] == nil ? use.breakers : []
    let notices = try noticesOfChange(breakers) { $0.verify($1, now: now) }
    browsers[pair.browser] = now + use.trustedLife.milliseconds
    // Who is no longer in the list is found by nobody: what was counted there must not outlive that.
    for entry in try everTrusted(pair.number).entries where browsers[CounterKey(entry.browser)] == nil {
      removeAll(of: pair.number, in: entry.browser)
    }
    let last = browsers.entries.map(\.value).max() ?? now
    try record(pair.number).set(.trusted, to: browsers.record { $1.put($0) }, expires: last)
    // Who asks for a message after this gets a new one, not the page of the request that is used up.
    var list = try running(pair.number)
    if list[pair.browser] != nil {
      list[pair.browser] = nil
      try setRunning(list, of: pair.number)
    }
    return Settlement(isDone: true, notices: notices)
  }

  /// - Returns: whether the send was pending until now.
  private func end(_ reservation: Reservation) throws(StoreFailure) -> Bool {
    var pending = try pending(reservation.pair.number)
    guard pending.remove(reservation.id) else { return false }
    try setPending(pending, of: reservation.pair.number)
    return true
  }

  private func takeOutOfBreakers(_ reservation: Reservation) throws(StoreFailure) -> [LimitNotice] {
    try noticesOfChange(reservation.breakers) { $0.remove(sendAt: reservation.time, $1, now: now) }
  }

  private func noticesOfChange(
    _ breakers: [ConversionBreaker], _ body: (inout BreakerState, ConversionBreaker) -> LimitNotice?
  ) throws(StoreFailure) -> [LimitNotice] {
    var notices: [LimitNotice] = []
    for breaker in breakers {
      let notice = try withState(of: breaker) { state in (body(&state, breaker), isChanged: true) }
      if let notice { notices.append(notice) }
    }
    return notices
  }

  private func giveBack(_ rules: [Rule], reservedAt time: Int64) throws(StoreFailure) {
    for rule in rules {
      try change(rule) { $0.remove(at: time, rule.limit, now: now) }
    }
  }
}
