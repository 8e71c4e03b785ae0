internal import Limits

/// Who comes before whom.
extension LimitEngine {
  /// Whose message it is at a time, if nobody else asks until then; nil for a try.
  func rank(of request: ReservationRequest, isTrusted: Bool, at time: Int64) throws(StoreFailure) -> SenderRank? {
    guard let net = request.net else { return nil }
    if isTrusted, try timeOfTrust(request) <= time { return .trusted }
    if let proof = request.proof, try timeOfProof(proof, request.share) <= time { return .first }
    if request.isOfOwnNetwork { return .known }
    if try credit(net).isGood(at: time) { return .known }
    return try debt(net).isGood(at: time) ? .indebted : .stranger
  }

  /// The same inside a ration. What a net has left unverified of an attempt is nothing against its being sent again: whoever is
  /// alone there gets as many as a net of which nothing is known.
  ///
  /// - Parameter isResend: whether it is one that is sent again, as the message after another one is.
  func rationRank(
    _ rank: SenderRank, _ request: ReservationRequest, isResend: Bool, at time: Int64
  ) throws(StoreFailure) -> SenderRank {
    guard rank == .indebted, isResend, let net = request.net else { return rank }
    return try debt(net).value(at: time) > mostDebt(request, at: time) ? .indebted : .stranger
  }

  /// So much a net may owe for the messages of an attempt.
  private func mostDebt(_ request: ReservationRequest, at time: Int64) throws(StoreFailure) -> Int64 {
    let resends = request.rules.first { $0.id == .attemptResends }
    let messages =
      try 1
      + (resends.map { rule throws(StoreFailure) in try look(at: rule) { $0.total(rule.limit, at: time) } } ?? 0)
    return Int64(messages) * 1000 + 500
  }

  /// When somebody may have another rank than at a time before, if nobody else asks; `never` where that is settled.
  func changeOfRank(
    of request: ReservationRequest, isResend: Bool, trustedUntil: Int64, after time: Int64
  ) throws(StoreFailure) -> Int64 {
    guard let net = request.net else { return .never }
    var first = Int64.never
    func note(_ change: Int64) { if change > time { first = min(first, change) } }
    if trustedUntil > time {
      note(trustedUntil)
      note(try timeOfTrust(request))
    }
    if let proof = request.proof { note(try timeOfProof(proof, request.share)) }
    let debt = try debt(net)
    note(try credit(net).time(atMost: Credit.leastGood, from: time))
    note(debt.time(atMost: Credit.leastGood, from: time))
    if isResend {
      note(debt.time(atMost: try mostDebt(request, at: time), from: time))
      if let rule = request.rules.first(where: { $0.id == .attemptResends }) {
        note(
          try look(at: rule) { $0.time(without: $0.total - $0.total(rule.limit, at: time) + 1, rule.limit) })
      }
    }
    return first
  }

  /// From when on a trusted browser passes by what is shared out: for as many messages a day as one may have, in all browsers
  /// that are trusted with its number together. With one telephone nobody makes sixteen of them.
  private func timeOfTrust(_ request: ReservationRequest) throws(StoreFailure) -> Int64 {
    guard let limit = request.trustedRules.first(where: { $0.id == .trustedDay })?.limit else { return now }
    return try counter(.trustedSends, of: request.pair.number, limit).time(limit, cooldowns: [], from: now)
  }

  private func timeOfProof(_ proof: CounterKey, _ share: BudgetShare?) throws(StoreFailure) -> Int64 {
    let limit = Self.sendsOfProof
    let time = try counter(.proofSends, of: proof, limit).time(limit, cooldowns: [], from: now)
    guard let share else { return time }
    return max(time, try withBudget(of: share.site) { ($0.timeOfProof(share), isChanged: false) })
  }

  /// A proof can be copied: so many messages go first with those of one subject, like a message and "Send again".
  static let sendsOfProof = Limit(4, per: .day)
}
