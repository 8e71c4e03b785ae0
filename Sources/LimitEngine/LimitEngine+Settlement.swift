package import Limits

extension LimitEngine {
  /// See `CounterStore.commit`.
  package func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) throws(StoreFailure) -> Settlement {
    guard let send = try end(reservation, wasSent: wasSent) else { return Settlement(isDone: false) }
    if !wasSent, send.state.contains(.charged) {
      try takeOutOfUnverified(reservation, giveBack: reservation.rulesOfUnverified)
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
    guard let send = try end(reservation, wasSent: false) else { return Settlement(isDone: false) }
    if send.state.contains(.charged) {
      try takeOutOfUnverified(reservation, giveBack: reservation.rules)
    } else {
      // A success has given back the rest.
      try takeOutOfRank(reservation)
      try giveBack(reservation.rules.filter { !$0.id.countsUnverified }, reservedAt: reservation.time)
    }
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
    // What is used once, and verifies nobody, changes nothing else.
    guard use.net != nil else { return Settlement(isDone: true) }
    let pair = reservation.pair
    let send = try verified(pair, in: use.net)
    var browsers = try trusted(pair.number)
    let notices = try payBack(use, of: pair.number, send, isTrusted: browsers[pair.browser] != nil)
    browsers[pair.browser] = now + use.trustedLife.milliseconds
    // Who is no longer in the list is found by nobody: what was counted there must not outlive that.
    for entry in try everTrusted(pair.number).entries where browsers[CounterKey(entry.browser)] == nil {
      removeAll(of: pair.number, in: entry.browser)
    }
    let last = browsers.entries.map(\.value).max() ?? now
    try record(pair.number).set(.trusted, to: browsers.record { $1.put($0) }, expires: last)
    // Who asks for a message after this gets a new one, not the page of the request that is used up. Its browser may have asked
    // under another name, before it had a cookie.
    var list = try running(pair.number)
    let count = list.entries.count
    list[pair.browser] = nil
    if let send { list.keep { $0.newest?.reservationID != send.reservationID } }
    if list.entries.count < count { try setRunning(list, of: pair.number) }
    return Settlement(isDone: true, notices: notices)
  }

  /// - Returns: the send as it was, if it was pending until now.
  private func end(_ reservation: Reservation, wasSent: Bool) throws(StoreFailure) -> OpenSend? {
    var sends = try openSends(reservation.pair.number)
    guard let send = sends.end(reservation.id, wasSent: wasSent) else { return nil }
    try setOpenSends(sends, of: reservation.pair.number)
    return send
  }

  /// - Returns: the send that a success is of, as far as it is still charged.
  private func verified(
    _ pair: ReservationRequest.Pair, in net: CounterKey?
  ) throws(StoreFailure) -> OpenSend? {
    var sends = try openSends(pair.number)
    guard let send = sends.verify(by: pair.browser.mark, in: net?.mark ?? 0) else { return nil }
    try setOpenSends(sends, of: pair.number)
    return send
  }

  private func takeOutOfUnverified(_ reservation: Reservation, giveBack rules: [Rule]) throws(StoreFailure) {
    let site = reservation.rules.first { $0.id == .siteDay }?.key
    if reservation.tookChance, let site, let net = rules.first(where: { $0.id == .netDay })?.key {
      try giveChanceBack(of: net, to: site)
    }
    try giveBack(rules, reservedAt: reservation.time)
    try takeOutOfRank(reservation)
    guard let rank = reservation.rank else { return }
    let (time, net) = (reservation.time, reservation.net)
    for ration in reservation.rations {
      let isCharged = !reservation.unchargedRations.contains(ration.id)
      try change(ration) { $0.remove(sendAt: time, ration, by: net, isCharged: isCharged, now: now) }
    }
    if let day = reservation.sharedDay, let site {
      try withBudget(of: site) { ($0.remove(sendAt: time, as: rank, day: day, by: net, now: now), isChanged: true) }
    }
    if let net { try changeDebt(net) { $0.remove(now: now) } }
  }

  /// Of those that may go first so often, it was none.
  private func takeOutOfRank(_ reservation: Reservation) throws(StoreFailure) {
    guard let rank = reservation.rank else { return }
    try countRank(rank, reservation.pair.number, reservation.proof, reservation.rules) {
      $0.remove(at: reservation.time, $1, now: now)
    }
  }

  /// A success takes a message back wherever it counted as one that was not verified, whoever asked for it. It gives credit for more,
  /// but a number that has given some of late gives none: with one telephone nobody buys a net a thousand messages.
  ///
  /// - Parameter send: the message, as far as it still counts.
  private func payBack(
    _ use: OneTimeUse, of number: CounterKey, _ send: OpenSend?, isTrusted: Bool
  ) throws(StoreFailure) -> [LimitNotice] {
    if let send { try giveBack(send, use) }
    let isShared = send?.state.contains(.shared) ?? !isTrusted
    guard isShared else { return [] }
    let isCounted = send != nil
    var isNewcomer = false
    if try !isCredited(number) {
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
        let isCharged = send.map { !$0.state.contains(.uncharged(ration.id)) } ?? false
        state.verify(ration, by: use.share?.net, isCounted: isCounted, isCharged: isCharged, now: now)
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

  /// Gives a verified message back to the limits of its visitor and its ranges, and a second chance to the site. Where a visitor
  /// has come by another way since, it is the oldest that is given back there.
  private func giveBack(_ send: OpenSend, _ use: OneTimeUse) throws(StoreFailure) {
    let isTrusted = send.state.contains(.trusted)
    if !isTrusted, let share = use.share { try giveChanceBack(of: share.net, to: share.site) }
    for rule in use.givenBack where !isTrusted || rule.id.countsWhoeverAsks {
      let total = try look(at: rule) { $0.total }
      guard total > 0 else { continue }
      try change(rule) { counter in
        counter.remove(at: send.time, rule.limit, now: now)
        counter.keep(atMost: total - 1)
      }
    }
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
