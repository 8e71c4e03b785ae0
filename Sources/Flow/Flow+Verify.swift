internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// `POST verify`: checks a PIN.
extension Flow {
  func verify(_ form: Form, _ context: RequestContext) async -> Conclusion {
    guard let pending = pendingAttempt(in: form, context) else {
      return concluder.conclude(notOwn(context), context)
    }
    let attempt = pending.attempt
    guard knows(attempt) else { return concluder.conclude(.providerChanged, context) }
    guard !attempt.isOver(at: clock()) else { return concluder.conclude(.expired, context) }

    let typed = form["pin"] ?? ""
    guard typed.contains(where: { !$0.isWhitespace }) else { return concluder.conclude(.pinMissing, context) }
    // A PIN with the wrong length cannot be right; refusing it here does not cost the visitor one of the few tries.
    let code: Code
    switch CodeReading(typed, length: verifier.capabilities.codeLength) {
    case .code(let found): code = found
    case .several: return concluder.conclude(.severalPINs, context)
    case .unreadable: return concluder.conclude(.pinUnreadable, context)
    }

    let number = keys.keys(of: attempt.number, country: plan.country(of: attempt.number))
    let intent = tryIntent(attempt, number, context)
    do throws(StoreFailure) {
      secureAnswer()
      let result = try await limiter.try(intent)
      recordWouldRefuse(result, context)
      switch result {
      case .permitted(let permit): return try await check(code, of: pending, intent, permit, context)
      case .refused(let refusal): return refused(refusal, context)
      case .consumed: return concluder.conclude(.used, context)
      case .replayed: return concluder.conclude(.malfunction, context, details: ["reason": "a try that is repeated"])
      }
    } catch {
      return storeFailed(error, context)
    }
  }

  /// Asks the provider. The try is first counted as a wrong one; only a success takes that back.
  private func check(
    _ code: Code, of pending: PendingAttempt, _ intent: TryIntent, _ permit: Permit, _ context: RequestContext
  ) async throws(StoreFailure) -> Conclusion {
    let outcome: CheckOutcome
    do {
      outcome = try await verifier.check(code, of: pending.attempt)
    } catch {
      return concluder.conclude(.checkFailed(error.kind), context, failure: error)
    }
    return try await checked(outcome, pending, intent, permit, context)
  }

  /// Handles the provider's answer. A separate function, so that its locals take no room during the wait.
  @inline(never)
  private func checked(
    _ outcome: CheckOutcome, _ pending: PendingAttempt, _ intent: TryIntent, _ permit: Permit,
    _ context: RequestContext
  ) async throws(StoreFailure) -> Conclusion {
    let lifetime = PINLifetime(of: pending, lifetime: verifier.capabilities.codeLifetime, at: clock())
    context.arguments.pinForm?.lifetime = lifetime
    switch outcome {
    case .verified:
      context.proof = proof(of: pending.attempt, context)
      let isFirst = try await limiter.consume(intent, permit, telling: message(of: context))
      // This browser is trusted with the number from now on, so its cookie has to live as long.
      if isFirst, context.newCookie == nil { context.newCookie = context.renewedCookie }
      if isFirst {
        pass(context)
        tellOfSuccess?()
      }
      return concluder.conclude(isFirst ? .verified : .used, context)
    case .wrongCode:
      context.arguments.triesLeft = limiter.triesLeft(permit)
      if limiter.isSpent(permit) { return concluder.conclude(.tooManyWrongPINs, context) }
      return concluder.conclude(lifetime.mayBeOver ? .wrongOrOldPIN : .wrongPIN, context)
    case .tooManyWrongCodes: return concluder.conclude(.tooManyWrongPINs, context)
    case .gone:
      if let newer = try await newer(than: pending.attempt, intent, context), setPINForm(newer, context) != nil {
        return concluder.conclude(.newerPIN, context)
      }
      return concluder.conclude(Self.outcome(ofGone: lifetime), context)
    }
  }

  /// The event about a success; nil if nobody is notified.
  private func message(of context: RequestContext) -> OutboxMessage? {
    guard tellOfSuccess != nil, let proof = context.proof else { return nil }
    return OutboxMessage(VerifiedEvent(proof).content, to: keys.outbox)
  }

  /// The page of the request that replaced this one: the PIN was typed into another tab, or into an earlier page.
  private func newer(
    than attempt: Attempt, _ intent: TryIntent, _ context: RequestContext
  ) async throws(StoreFailure) -> PendingAttempt? {
    for browser in [context.client.keys.browser, context.client.bareBrowser] {
      let pair = ReservationRequest.Pair(number: intent.number.number, browser: browser)
      if case .answered(let bytes) = try await limiter.replay(pair),
        case .pending(let token) = SendAnswer(bytes), let pending = attempts.open(token),
        pending.attempt.id == attempt.id, pending.attempt.requestID != attempt.requestID, knows(pending.attempt)
      {
        return pending.page(for: context.client.tag)
      }
    }
    return nil
  }

  private func refused(_ refusal: Refusal, _ context: RequestContext) -> Conclusion {
    context.wait = refusal.retryAfter
    let rows = refusal.reasons.map(\.id.rawValue).joined(separator: ",")
    return concluder.conclude(.tryLimited(TryLimit(refusal)), context, details: ["rows": "\(rows)"])
  }

  func tryIntent(_ attempt: Attempt, _ number: NumberKeys, _ context: RequestContext) -> TryIntent {
    TryIntent(
      number: number, visitor: context.client.keys, attempt: keys.attempt(attempt, of: number),
      code: keys.code(of: attempt.requestID, to: number))
  }
}
