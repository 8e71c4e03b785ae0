package import Limits

/// When somebody passes, if nobody else asks: what `reserve` would say at each time to come, from what is recorded now.
extension LimitEngine {
  /// See `CounterStore.wait`.
  package func wait(for request: ReservationRequest) throws(StoreFailure) -> Duration? {
    let trustedUntil = try trustedUntil(request.pair)
    let isTrusted = trustedUntil > now
    let rules = request.rules(isTrusted: isTrusted)
    var judgement = try judge(rules, request)
    // While watching nothing stands in the way but the answer to an earlier message.
    if request.mode == .watch { return judgement.endOfCooldown.wait(from: now) }
    _ = try judgeShared(&judgement, rules, request, isTrusted: isTrusted, isAsking: false)
    // Whoever has done what is asked for need not wait.
    if judgement.challenge != nil { return .zero }
    guard let refusal = try refusal(&judgement, rules, request, trustedUntil: trustedUntil) else { return .zero }
    return refusal.retryAfter
  }

  /// From when on the message after this one passes, which was counted just now; `never` where no time helps.
  ///
  /// - Parameter added: what each of the rules says of it.
  func timeOfNext(
    _ rules: [Rule], _ added: [Added], _ request: ReservationRequest, trustedUntil: Int64
  ) throws(StoreFailure) -> Int64 {
    let isWatching = request.isSend && request.mode == .watch
    var next = now
    // While watching nothing stands in the way but the answer to this one.
    for (rule, added) in zip(rules, added) where added.next > next && (!isWatching || !rule.cooldownsOfNext.isEmpty) {
      let exception = try exception(to: rule, request, isResend: true, from: now).begin
      next = max(next, min(added.next, exception))
    }
    guard request.isSend, !isWatching, next < .never else { return next }
    var unsure: [Rule] = []
    for (rule, added) in zip(rules, added) where !added.isSure { unsure.append(rule) }
    var obstacles = Obstacles()
    return try time(
      request, rules, isNext: true, unsure: unsure, afterOwn: next, afterShared: now, trustedUntil: trustedUntil,
      &obstacles)
  }

  /// The first time at which all that a request has to pass lets it pass at once.
  ///
  /// What stands in the way at one time says until when it does so at least. Then everything is looked at again: exceptions end while
  /// one waits, credit becomes less, and one's rank changes. So no earlier time is passed over.
  ///
  /// - Parameters:
  ///   - rules: those that it has to pass now.
  ///   - isNext: whether it is the message after this one that is asked about.
  ///   - isSolving: whether whoever is asked for a challenge then does it.
  ///   - unsure: those of the rules that may stand in the way later; nil for all.
  ///   - own: until when its own rules stand in the way now.
  ///   - shared: the same of what is shared out.
  ///   - obstacles: what stands in the way on the way there is added to them.
  func time(
    _ request: ReservationRequest, _ rules: [Rule], isNext: Bool = false, isSolving: Bool = true, unsure: [Rule]? = nil,
    afterOwn own: Int64, afterShared shared: Int64, trustedUntil: Int64, _ obstacles: inout Obstacles
  ) throws(StoreFailure) -> Int64 {
    var (own, shared, time) = (own, shared, now)
    let isResend = isNext || request.isResend
    for round in 0..<Self.mostRounds {
      // A browser that is trusted no longer has other rules; but nobody waits for that where only the owner can clear the way.
      if trustedUntil > time, own < .never { own = min(own, trustedUntil) }
      if shared > own {
        shared = min(
          shared,
          try changeOfRank(of: request, isResend: isResend, trustedUntil: trustedUntil, after: time))
      }
      let last = max(own, shared)
      if round > 0, last == time { break }
      time = last
      obstacles.end(by: time)
      guard time < .never else { break }
      let isTrusted = trustedUntil > time
      let isAsNow = isTrusted == (trustedUntil > now)
      let rules = isAsNow ? rules : request.rules(isTrusted: isTrusted)
      own = time
      for rule in isAsNow ? unsure ?? rules : rules {
        var end = try self.time(rule, isNext: isNext, from: time)
        guard end > time else { continue }
        end = min(end, try exception(to: rule, request, isResend: isResend, from: time).begin)
        guard end > time else { continue }
        obstacles.add(rule.id, until: end)
        own = max(own, end)
      }
      shared = try timeOfShared(
        request, rules, isNext: isNext, isSolving: isSolving, isTrusted: isTrusted, from: time, &obstacles)
    }
    return time
  }

  /// More are not gone through, whatever is recorded.
  private static let mostRounds = 200
}
