internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// Every message goes through here: it is reserved before the provider is asked, and released only if it was certainly
/// not sent. If the provider was asked anyway, the request still counts for whoever made it.
extension Flow {
  typealias Delivery = () async throws(VerifierFailure) -> SendOutcome

  func send(_ request: SendRequest, _ context: RequestContext, _ delivery: Delivery) async -> Conclusion {
    do throws(StoreFailure) {
      let result = try await reserved(request, context)
      if request.intent.looksAutomated, limiter.isEnforcing { return unsent(context) }
      switch result {
      case .permitted(let permit):
        return await deliver(request, permit, context, delivery)
      case .replayed(let state):
        return try await replayed(state, request, nonce: request.intent.nonce, request.pair, context)
      case .refused(let refusal): return try await refused(refusal, request, context)
      case .consumed: return concluder.conclude(.used, context)
      }
    } catch {
      return storeFailed(error, context)
    }
  }

  @inline(never)
  private func reserved(_ request: SendRequest, _ context: RequestContext) async throws(StoreFailure)
    -> ReservationDecision.Result
  {
    secureAnswer()
    let result = try await limiter.reserve(request.intent)
    recordWouldRefuse(result, context)
    guard case .refused(let refusal) = result, let response = context.challengeReply?.response(after: refusal) else {
      return result
    }
    return try await reserved(request, asking: response, after: refusal, context)
  }

  /// Concludes a request that no person has sent: it was counted, and gets the same page as a shared limit.
  private func unsent(_ context: RequestContext) -> Conclusion {
    concluder.conclude(.automated, context, details: ["reason": "\(context.automation?.rawValue ?? "")"])
  }

  /// Asks the provider, and then settles the reservation. An async function's frame holds everything the function ever
  /// needs for as long as it waits, so what comes after the wait is a function of its own.
  @inline(never)
  private func deliver(
    _ request: SendRequest, _ permit: Permit, _ context: RequestContext, _ delivery: Delivery
  ) async -> Conclusion {
    let result = result(of: await asked(delivery), request, permit, context)
    return await concluded(result, request, permit, context)
  }

  @inline(never)
  private func concluded(
    _ result: SendResult, _ request: SendRequest, _ permit: Permit, _ context: RequestContext
  ) async -> Conclusion {
    if case .release(let reservation) = result.disposition { await release(reservation, context) }
    if let running = result.running { return await join(running, request, context) }
    if case .commit(let answer) = result.disposition, case .failed(_, let endedRequest) = answer {
      // The effect that committing has on the limits need not be waited for.
      await commit(permit.reservation, answer, context.reference)
      // Until another message may be requested, pressing the button again gives the same answer.
      let next: Duration
      do throws(StoreFailure) {
        next = try await wait(for: request, endedRequest: endedRequest)
      } catch {
        // The visitor gets the answer anyway, with the wait that came with the reservation.
        record(error, context.reference, "wait")
        next = permit.next ?? .seconds(86_400)
      }
      let wait = max(next, result.failure?.retryAfter ?? .zero)
      renewPage(of: request, endedRequest: endedRequest, wait: wait, context)
    }
    let conclusion = concluder.conclude(
      result.outcome, context, failure: result.failure, details: result.details)
    if case .commit(let answer) = result.disposition, case .pending = answer {
      // A repeat of the request in the meantime is told that the answer is on its way, and waits for it.
      conclusion.afterwards = { [self, reservation = permit.reservation, reference = context.reference] in
        await commit(reservation, answer, reference)
      }
    }
    return conclusion
  }

  private func asked(_ delivery: Delivery) async -> Result<SendOutcome, VerifierFailure> {
    do throws(VerifierFailure) {
      let begun = ContinuousClock.now
      let outcome = try await delivery()
      // The visitor has waited as long as the page said; the difference is on PinGate's side. Not after a slow answer,
      // because the web server's timeout only allows for the provider's time once.
      guard case .tooEarly(let wait) = outcome, wait <= Self.shortWait, ContinuousClock.now - begun <= Self.shortWait
      else {
        return .success(outcome)
      }
      await sleep(wait)
      return .success(try await delivery())
    } catch {
      return .failure(error)
    }
  }

  @inline(never)
  private func result(
    of asked: Result<SendOutcome, VerifierFailure>, _ request: SendRequest, _ permit: Permit,
    _ context: RequestContext
  ) -> SendResult {
    let reservation = permit.reservation
    let outcome: SendOutcome
    switch asked {
    case .success(let said): outcome = said
    case .failure(let failure):
      if failure.isCertainlyNotSent, failure.hasEndedRequest {
        renewPage(of: request, endedRequest: true, context)
      }
      return SendResult(
        request.failed(failure.kind, endedRequest: failure.hasEndedRequest),
        failure.isCertainlyNotSent
          ? .release(failure.kind.costsAsker ? reservation.withoutAsker : reservation)
          : .commit(.failed(failure.kind, endedRequest: failure.hasEndedRequest)),
        failure: failure)
    }
    switch outcome {
    case .sent(let requestID):
      let pending = request.pending(
        requestID, next: permit.next, lifetime: verifier.capabilities.codeLifetime, for: context.client, at: clock())
      guard let token = setPINForm(pending, context) else {
        return SendResult(.malfunction, .keep, details: ["reason": "seal"])
      }
      return SendResult(request.previous == nil ? .sent : .sentAgain, .commit(.pending(kept(pending, token))))
    case .alreadyRunning(let requestID):
      return SendResult(.alreadyRunning, .release(reservation.withoutAsker), running: requestID)
    case .tooEarly(let wait):
      context.wait = wait
      // The page's own countdown may be off by that little.
      return SendResult(
        .tooEarlyAgain, .release(wait <= Self.shortWait ? reservation : reservation.withoutAsker))
    case .exhausted:
      context.wait = request.previous.map { Self.rest(of: $0, verifier.capabilities.codeLifetime, at: clock()) }
      return SendResult(.resendExhausted, .release(reservation.withoutAsker))
    case .gone:
      return SendResult(
        Self.outcome(ofGone: context.arguments.pinForm?.lifetime ?? .unknown), .release(reservation.withoutAsker))
    case .badNumber: return SendResult(.numberRefused, .release(reservation.withoutAsker))
    case .unsupportedDestination:
      return SendResult(.destinationUnsupported, .release(reservation.withoutAsker))
    case .blocked: return SendResult(.numberBlocked, .release(reservation.withoutAsker))
    }
  }

  /// What a repeat of the request gets: without the page that this visitor came from, which may be long. It is added to
  /// the page that is made from it.
  private func kept(_ pending: PendingAttempt, _ token: String) -> String {
    gate == nil ? token : attempts.seal(pending) ?? token
  }

  /// How long the running request may still block a new one, as far as is known.
  private static func rest(of pending: PendingAttempt, _ lifetime: Duration, at now: Timestamp) -> Duration {
    max(.seconds(1), pending.attempt.lastSentAt + lifetime - now)
  }

  @inline(never)
  private func refused(
    _ refusal: Refusal, _ request: SendRequest, _ context: RequestContext
  ) async throws(StoreFailure) -> Conclusion {
    // A browser sends its cookie from the second form on; the first one was counted without it.
    let bare = ReservationRequest.Pair(number: request.pair.number, browser: context.client.bareBrowser)
    if context.client.hasCookie, refusal.reasons.contains(where: { $0.id.scope == .number }),
      let state = try await limiter.replay(bare)
    {
      return try await replayed(state, request, nonce: nil, bare, context)
    }
    context.wait = refusal.retryAfter ?? .seconds(86_400)
    var details: Logger.Metadata = ["rows": "\(refusal.reasons.map(\.id.rawValue).joined(separator: ","))"]
    if let rounds = refusal.challenge {
      let result = context.widgetResult
      if let reason = result?.reason { details["reason"] = "\(reason)" }
      if let conclusion = await challenge(rounds, request, after: result, context, details: details) {
        return conclusion
      }
    }
    return concluder.conclude(.sendLimited(SendLimit(refusal), request.form), context, details: details)
  }

  // MARK: Idempotent replay

  @inline(never)
  private func replayed(
    _ state: IdempotentReplay, _ request: SendRequest, nonce: CounterKey?, _ pair: ReservationRequest.Pair,
    _ context: RequestContext
  ) async throws(StoreFailure) -> Conclusion {
    var state: IdempotentReplay? = state
    for wait in Self.backoff where state == .pending {
      await sleep(wait)
      state = try await limiter.replay(nonce: nonce, pair)
    }
    switch state {
    case .pending: return concluder.conclude(.stillSending(request.form), context)
    case .lost:
      renewPage(of: request, wait: try await wait(for: request), context)
      return concluder.conclude(.sendLost(request.form), context)
    case nil: return concluder.conclude(.notSent(request.form), context)
    case .answered(let bytes):
      switch SendAnswer(bytes) {
      case .failed(let kind, let endedRequest):
        let wait = try await wait(for: request, endedRequest: endedRequest)
        renewPage(of: request, endedRequest: endedRequest, wait: wait, context)
        return concluder.conclude(
          request.failed(kind, endedRequest: endedRequest), context, details: ["repeated": "true"])
      case .pending(let token):
        guard let pending = attempts.open(token) else { break }
        return try await shown(pending, request, context)
      case nil: break
      }
      // It was sealed with a key that has been removed, or by another version.
      return concluder.conclude(.sendLost(request.form), context)
    }
  }

  /// The page of a message that was sent before.
  @inline(never)
  private func shown(
    _ pending: PendingAttempt, _ request: SendRequest, _ context: RequestContext
  ) async throws(StoreFailure) -> Conclusion {
    let attempt = pending.attempt
    if let previous = request.previous {
      // Nothing has been sent since this page was made: the request was merely too early.
      if attempt.id == previous.attempt.id, attempt.sends <= previous.attempt.sends {
        context.wait = try await wait(for: request)
        return concluder.conclude(.tooEarlyAgain, context)
      }
    } else {
      let isSpent = try await limiter.isSpent(tryIntent(attempt, request.intent.number, context))
      if isSpent || attempt.requestID == request.givenUp || attempt.isOver(at: clock())
        || !knows(attempt)
      {
        context.wait = try await wait(for: request)
        return concluder.conclude(.tooEarlyForNew, context)
      }
    }
    guard setPINForm(pending.page(for: context.client.tag), context) != nil else {
      return concluder.conclude(.malfunction, context, details: ["reason": "seal"])
    }
    context.arguments.channel = nil  // The page is about the earlier message.
    return concluder.conclude(.repeated, context)
  }

  /// How long until the same request would pass.
  ///
  /// - Parameter endedRequest: whether the request to be sent again has ended: then the next message is a first one.
  private func wait(for request: SendRequest, endedRequest: Bool = false) async throws(StoreFailure) -> Duration {
    let intent = request.intent
    return try await limiter.wait(
      for: endedRequest
        ? SendIntent(
          number: intent.number, visitor: intent.visitor, passedChallenge: intent.passedChallenge, proof: intent.proof)
        : intent)
  }

  /// How long PinGate waits by itself for the provider to permit another message.
  static let shortWait: Duration = .seconds(2)

  /// How long a repeat waits for the answer to the first request: five seconds in all.
  static let backoff: [Duration] = [100, 200, 400, 800, 1500, 2000].map { .milliseconds($0) }

  // MARK: The store

  private func release(_ reservation: Reservation, _ context: RequestContext) async {
    do throws(StoreFailure) {
      try await limiter.release(reservation)
    } catch {
      // It stays counted, which errs on the owner's side.
      record(error, context.reference, "release")
    }
  }

  private func commit(_ reservation: Reservation, _ answer: SendAnswer, _ reference: String) async {
    do throws(StoreFailure) {
      try await limiter.commit(reservation, answer: answer.bytes, wasSent: answer.wasSent)
    } catch {
      // The message has been sent and stays counted. Its visitor can go on; a repeat is told that the outcome is
      // unknown.
      record(error, reference, "commit")
    }
  }

  func storeFailed(_ failure: StoreFailure, _ context: RequestContext) -> Conclusion {
    concluder.conclude(.storeFailed(failure.kind), context, details: ["detail": "\(failure.detail)"])
  }

  private func record(_ failure: StoreFailure, _ reference: String, _ operation: String) {
    log.error(
      "\(failure.code)",
      metadata: ["exchange": "\(reference)", "operation": "\(operation)", "detail": "\(failure.detail)"])
  }
}
