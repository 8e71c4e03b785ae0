package import Limits

extension LimitEngine {
  /// See `CounterStore.commit`.
  package func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) throws(StoreFailure) -> Settlement {
    guard try end(reservation) else { return Settlement(isDone: false) }
    if wasSent {
      // What is verified from now on is this one.
      _ = try takeReturned(reservation.pair.number)
    } else {
      try takeOutOfUnverified(reservation, giveBack: reservation.rulesOfUnverified)
      // Of what was to be sent again the first message is there, and is what is verified.
      if !reservation.isResend {
        let life = reservation.runningLife ?? Reservation.life
        try setReturned(reservation.pair.number, until: now + life.milliseconds)
      }
    }
    if let nonce = reservation.nonce, var send = try sent(nonce), send.reservationID == reservation.id {
      send.answer = answer
      try record(nonce).set(.nonce, to: send.record, expires: send.until)
    }
    var list = try running(reservation.pair.number)
    if var stack = list[reservation.pair.browser], stack.commit(reservation.id, answer: answer) {
      list[reservation.pair.browser] = stack
      try setRunning(list, of: reservation.pair.number)
    }
    return Settlement(isDone: true)
  }

  /// See `CounterStore.release`.
  package func release(_ reservation: Reservation) throws(StoreFailure) -> Settlement {
    guard try end(reservation) else { return Settlement(isDone: false) }
    try takeOutOfUnverified(reservation, giveBack: reservation.rules)
    if let nonce = reservation.nonce, let send = try sent(nonce), send.reservationID == reservation.id {
      try record(nonce).remove(.nonce)
    }
    var list = try running(reservation.pair.number)
    if var stack = list[reservation.pair.browser], stack.remove(reservation.id) {
      list[reservation.pair.browser] = stack.newest == nil ? nil : stack
      try setRunning(list, of: reservation.pair.number)
    }
    return Settlement(isDone: true)
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
    let notices = try payBack(use, of: pair.number, isTrusted: browsers[pair.browser] != nil)
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

  private func takeOutOfUnverified(_ reservation: Reservation, giveBack rules: [Rule]) throws(StoreFailure) {
    let site = reservation.rules.first { $0.id == .siteDay }?.key
    if reservation.tookChance, let site, let net = rules.first(where: { $0.id == .netDay })?.key {
      try giveChanceBack(of: net, to: site)
    }
    try giveBack(rules, reservedAt: reservation.time)
    guard let rank = reservation.rank else { return }
    let (time, net) = (reservation.time, reservation.net)
    for ration in reservation.rations {
      let isCharged = !reservation.unchargedRations.contains(ration.id)
      try change(ration) { $0.remove(sendAt: time, ration, by: net, isCharged: isCharged, now: now) }
    }
    try countRank(rank, reservation.pair.number, reservation.proof, reservation.rules) {
      $0.remove(at: time, $1, now: now)
    }
    if let day = reservation.sharedDay, let site {
      try withBudget(of: site) { ($0.remove(sendAt: time, as: rank, day: day, by: net, now: now), isChanged: true) }
    }
    if let net { try changeDebt(net) { $0.remove(now: now) } }
  }

  /// A success takes a message back where it counted as one that was not verified. It gives credit for more, but a number that has
  /// given some of late gives none: with one telephone nobody buys a net a thousand messages.
  private func payBack(
    _ use: OneTimeUse, of number: CounterKey, isTrusted: Bool
  ) throws(StoreFailure) -> [LimitNotice] {
    // What was given back when nobody knew whether it was sent is not given back again, to somebody else's account.
    let isCounted = try !takeReturned(number)
    if isCounted, !isTrusted, let share = use.share {
      try giveChanceBack(of: share.net, to: share.site)
    }
    for rule in use.givenBack where isCounted && (!isTrusted || rule.id.countsWhoeverAsks) {
      // The oldest: what is left counts for no shorter than it must.
      guard try look(at: rule, { $0.total }) > 0 else { continue }
      try change(rule) { $0.keep(atMost: $0.total - 1) }
    }
    guard !isTrusted else { return [] }
    var isNewcomer = false
    let givesCredit = try !isCredited(number)
    if givesCredit {
      isNewcomer = try self.isNewcomer(use)
      try setCredited(number)
      var keys = Set(use.rations.map(\.key))
      for rule in use.givenBack where rule.id.growsWithCredit { keys.insert(rule.key) }
      if let net = use.indebtedNet { keys.insert(net) }
      if let wideNet = use.share?.wideNet { keys.insert(wideNet) }
      for key in keys {
        var credit = try credit(key)
        credit.add(now: now)
        try record(key).set(.credit, to: credit.record, expires: credit.expires)
      }
    }
    var notices: [LimitNotice] = []
    for ration in use.rations {
      let credit = try credit(ration.key)
      let notice = try withState(of: ration) { state in
        state.verify(ration, by: use.share?.net, isCounted: isCounted, givesCredit: givesCredit, now: now)
        return (state.end(ration, credit, now: now), isChanged: true)
      }
      if let notice { notices.append(notice) }
    }
    if let share = use.share {
      try withBudget(of: share.site) { state in
        (state.verify(share, isNewcomer: isNewcomer, isCounted: isCounted, now: now), isChanged: true)
      }
    }
    if isCounted, let net = use.indebtedNet { try changeDebt(net) { $0.remove(now: now) } }
    return notices
  }

  /// Whether a success is the first of its net of late. Of a /32, whose nets together have some twenty voices among those that ask,
  /// no more than twenty are.
  private func isNewcomer(_ use: OneTimeUse) throws(StoreFailure) -> Bool {
    guard let share = use.share, try !credit(share.net).isGood(at: now) else { return false }
    guard let wideNet = share.wideNet else { return true }
    return try credit(wideNet).value(at: now) < Int64(BudgetState.voicesOfWideNet) * 1000
  }

  private func giveBack(_ rules: [Rule], reservedAt time: Int64) throws(StoreFailure) {
    for rule in rules {
      try change(rule) { $0.remove(at: time, rule.limit, now: now) }
    }
  }
}
