internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// `POST verify`: a PIN is to be checked.
extension Site {
  func verify(_ form: Form, _ visit: Visit, _ exchange: consuming Exchange) async -> Response {
    guard let pending = open(form, visit, &exchange) else { return answers.answer(.foreignRequest, to: exchange) }
    let attempt = pending.attempt
    guard !attempt.isOver(at: clock()) else { return answers.answer(.expired, to: exchange) }

    let typed = form["pin"] ?? ""
    guard typed.contains(where: { !$0.isWhitespace }) else { return answers.answer(.pinMissing, to: exchange) }
    // A PIN of another length cannot be right: saying so here does not cost the visitor one of the few tries.
    let code: Code
    switch CodeReading(typed, length: verifier.capabilities.codeLength) {
    case .code(let found): code = found
    case .several: return answers.answer(.severalPINs, to: exchange)
    case .unreadable: return answers.answer(.pinUnreadable, to: exchange)
    }

    let number = limiter.keys.keys(of: attempt.number, country: plan.country(of: attempt.number))
    let intent = tryIntent(attempt, number, visit)
    do throws(StoreFailure) {
      let decision = try await charge(limiter.policy.charge(for: intent))
      heed(decision, exchange)
      switch decision.verdict {
      case .admitted(let admission): return try await check(code, of: pending, intent, admission, visit, exchange)
      case .refused(let refusal): return refused(refusal, exchange)
      case .used: return answers.answer(.used, to: exchange)
      case .repeated: return answers.answer(.malfunction, to: exchange, details: ["reason": "a try that is repeated"])
      }
    } catch {
      return storeFailed(error, exchange)
    }
  }

  /// Asks the provider. The try is charged as a wrong one; whatever happens, only a success gives it back.
  private func check(
    _ code: Code, of pending: PendingAttempt, _ intent: TryIntent, _ admission: Admission, _ visit: Visit,
    _ exchange: Exchange
  ) async throws(StoreFailure) -> Response {
    let outcome: CheckOutcome
    do {
      outcome = try await verifier.check(code, of: pending.attempt)
    } catch {
      return answers.answer(.checkFailed(error.kind), to: exchange, failure: error)
    }
    return try await checked(outcome, pending, intent, admission, visit, exchange)
  }

  /// What the provider's word comes to. Apart from the waiting for it, which takes no room for this.
  @inline(never)
  private func checked(
    _ outcome: CheckOutcome, _ pending: PendingAttempt, _ intent: TryIntent, _ admission: Admission, _ visit: Visit,
    _ exchange: Exchange
  ) async throws(StoreFailure) -> Response {
    var exchange = exchange
    let lifetime = PINLifetime(of: pending, lifetime: verifier.capabilities.codeLifetime, at: clock())
    exchange.lifetime = lifetime
    switch outcome {
    case .verified:
      let claim = try await limiter.store.claim(limiter.policy.claim(for: intent, admission.receipt))
      heed(claim)
      let isFirst = claim.isDone
      // The number is known in this browser from now on: its cookie has to live as long.
      if isFirst, exchange.newCookie == nil { exchange.newCookie = exchange.renewedCookie }
      return answers.answer(isFirst ? .verified : .used, to: exchange)
    case .wrongCode:
      exchange.triesLeft = triesLeft(admission)
      if isSpent(admission) { return answers.answer(.tooManyWrongPINs, to: exchange) }
      return answers.answer(lifetime.mayBeOver ? .wrongOrOldPIN : .wrongPIN, to: exchange)
    case .tooManyWrongCodes: return answers.answer(.tooManyWrongPINs, to: exchange)
    case .gone:
      if let newer = try await newer(than: pending.attempt, intent, visit), show(newer, &exchange) {
        return answers.answer(.newerPIN, to: exchange)
      }
      // Vonage does not say why a request is no more: only the time tells an expired one from one that was used.
      return answers.answer(Self.ending(ofGone: lifetime), to: exchange)
    }
  }

  /// The page of the request that took the place of this one: another tab, or the page before, was typed in.
  private func newer(
    than attempt: Attempt, _ intent: TryIntent, _ visit: Visit
  ) async throws(StoreFailure) -> PendingAttempt? {
    for browser in [visit.visitor.keys.browser, visit.visitor.bareBrowser] {
      let pair = Charge.Pair(number: intent.number.number, browser: browser)
      if case .answered(let bytes) = try await limiter.store.answer(nonce: nil, pair: pair),
        case .pending(let token) = SendAnswer(bytes), let pending = seal.open(token),
        pending.attempt.id == attempt.id, pending.attempt.requestID != attempt.requestID
      {
        return pending.page(for: visit.visitor.tag)
      }
    }
    return nil
  }

  private func refused(_ refusal: Refusal, _ exchange: Exchange) -> Response {
    var exchange = exchange
    exchange.wait = refusal.retryAfter
    let rows = refusal.reasons.map(\.row.rawValue).joined(separator: ",")
    return answers.answer(.tryLimited(TryLimit(refusal)), to: exchange, details: ["rows": "\(rows)"])
  }

  func tryIntent(_ attempt: Attempt, _ number: NumberKeys, _ visit: Visit) -> TryIntent {
    TryIntent(
      number: number, visitor: visit.visitor.keys, attempt: limiter.keys.attempt(attempt, of: number),
      code: limiter.keys.code(of: attempt.requestID, to: number))
  }

  /// The least that any row of wrong PINs still admits; nil where none refuses.
  private func triesLeft(_ admission: Admission) -> Int? {
    guard limiter.policy.mode == .enforce else { return nil }
    return Self.rowsOfWrongPINs.compactMap { admission.left[$0] }.min()
  }

  private func isSpent(_ admission: Admission) -> Bool {
    limiter.policy.mode == .enforce && (admission.left[.codeWrong] == 0 || admission.left[.requestWrong] == 0)
  }

  private static let rowsOfWrongPINs: [LimitRow] = [
    .codeWrong, .requestWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .knownWrongHour, .knownWrongDay,
    .knownWrongTotal,
  ]

  static func ending(ofGone lifetime: PINLifetime) -> Ending {
    switch lifetime {
    case .fresh, .left: .used
    case .over: .expired
    case .unknown: .ended
    }
  }
}
