internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// Every message goes through here: it is charged before the provider is asked, and given back only when it was
/// certainly not sent. Where the provider was asked all the same, the asking stays charged to whoever asked.
extension Site {
  typealias Delivery = () async throws(VerifierFailure) -> SendOutcome

  func send(_ order: SendOrder, _ visit: Visit, _ exchange: Exchange, _ delivery: Delivery) async -> Response {
    do throws(StoreFailure) {
      switch try await charged(order, exchange) {
      case .admitted(let admission):
        return await deliver(order, admission, visit, exchange, delivery)
      case .repeated(let state):
        return try await repeated(state, order, nonce: order.intent.nonce, order.pair, visit, exchange)
      case .refused(let refusal): return try await refused(refusal, order, visit, exchange)
      case .used: return answers.answer(.used, to: exchange)
      }
    } catch {
      return storeFailed(error, exchange)
    }
  }

  @inline(never)
  private func charged(_ order: SendOrder, _ exchange: Exchange) async throws(StoreFailure) -> ChargeDecision.Verdict {
    let decision = try await charge(limiter.policy.charge(for: order.intent))
    heed(decision, exchange)
    return decision.verdict
  }

  /// Asks the provider, and then ends the charge. Each function here has room for all that it ever holds, for as long as
  /// it waits: what comes after the waiting is one of its own.
  @inline(never)
  private func deliver(
    _ order: SendOrder, _ admission: Admission, _ visit: Visit, _ exchange: Exchange, _ delivery: Delivery
  ) async -> Response {
    let conclusion = conclusion(of: await asked(delivery), order, admission, visit, exchange)
    return await concluded(conclusion, order, admission, visit)
  }

  @inline(never)
  private func concluded(
    _ conclusion: SendConclusion, _ order: SendOrder, _ admission: Admission, _ visit: Visit
  ) async -> Response {
    var exchange = conclusion.exchange
    if case .givenBack(let receipt) = conclusion.charge { await giveBack(receipt, exchange) }
    if let running = conclusion.running { return await join(running, order, visit, exchange) }
    if case .finished(.failed(_, let endedRequest)) = conclusion.charge {
      // Until another message may be asked for, whoever presses the button again gets this answer again.
      let next: Duration
      do throws(StoreFailure) {
        next = try await wait(for: order, endedRequest: endedRequest)
      } catch {
        // The answer is the visitor's all the same, with the wait that the charge came with.
        record(error, exchange.name, "wait")
        next = admission.next ?? .seconds(86_400)
      }
      let wait = max(next, conclusion.failure?.retryAfter ?? .zero)
      renewPage(of: order, endedRequest: endedRequest, wait: wait, visit, &exchange)
    }
    var response = answers.answer(
      conclusion.ending, to: exchange, failure: conclusion.failure, details: conclusion.details)
    if case .finished(let answer) = conclusion.charge {
      // Whoever repeats the request in between is told that the answer is on its way, and waits for it.
      response.afterwards = { [self, receipt = admission.receipt, name = exchange.name] in
        await finish(receipt, answer, name)
      }
    }
    return response
  }

  private func asked(_ delivery: Delivery) async -> Result<SendOutcome, VerifierFailure> {
    do throws(VerifierFailure) {
      let begun = ContinuousClock.now
      let outcome = try await delivery()
      // The visitor waited for as long as the page said: the rest is ours. Not after a provider that is slow today, because
      // the web server's patience is for the provider's time once.
      guard case .tooEarly(let wait) = outcome, wait <= Self.shortWait, ContinuousClock.now - begun <= Self.shortWait
      else {
        return .success(outcome)
      }
      await pause(wait)
      return .success(try await delivery())
    } catch {
      return .failure(error)
    }
  }

  @inline(never)
  private func conclusion(
    of asked: Result<SendOutcome, VerifierFailure>, _ order: SendOrder, _ admission: Admission, _ visit: Visit,
    _ exchange: Exchange
  ) -> SendConclusion {
    var exchange = exchange
    let receipt = admission.receipt
    let outcome: SendOutcome
    switch asked {
    case .success(let said): outcome = said
    case .failure(let failure):
      if failure.isCertainlyNotSent, failure.hasEndedRequest {
        renewPage(of: order, endedRequest: true, visit, &exchange)
      }
      return SendConclusion(
        order.failed(failure.kind, endedRequest: failure.hasEndedRequest), exchange,
        failure.isCertainlyNotSent
          ? .givenBack(failure.kind.costsAsker ? receipt.withoutAsker : receipt)
          : .finished(.failed(failure.kind, endedRequest: failure.hasEndedRequest)),
        failure: failure)
    }
    switch outcome {
    case .sent(let request):
      let pending = order.pending(
        request, next: admission.next, lifetime: verifier.capabilities.codeLifetime, for: visit.visitor, at: clock())
      guard show(pending, &exchange) else {
        return SendConclusion(.malfunction, exchange, .left, details: ["reason": "seal"])
      }
      return SendConclusion(order.previous == nil ? .sent : .sentAgain, exchange, .finished(.pending(exchange.token)))
    case .alreadyRunning(let request):
      return SendConclusion(.alreadyRunning, exchange, .givenBack(receipt.withoutAsker), running: request)
    case .tooEarly(let wait):
      exchange.wait = wait
      // A little too early is what the page's own time may be off by.
      return SendConclusion(
        .tooEarlyAgain, exchange, .givenBack(wait <= Self.shortWait ? receipt : receipt.withoutAsker))
    case .exhausted:
      exchange.wait = order.previous.map { Self.rest(of: $0, verifier.capabilities.codeLifetime, at: clock()) }
      return SendConclusion(.resendExhausted, exchange, .givenBack(receipt.withoutAsker))
    case .gone:
      return SendConclusion(
        Self.ending(ofGone: exchange.lifetime ?? .unknown), exchange, .givenBack(receipt.withoutAsker))
    case .badNumber: return SendConclusion(.numberRefused, exchange, .givenBack(receipt.withoutAsker))
    case .unsupportedDestination:
      return SendConclusion(.destinationUnsupported, exchange, .givenBack(receipt.withoutAsker))
    case .blocked: return SendConclusion(.numberBlocked, exchange, .givenBack(receipt.withoutAsker))
    }
  }

  /// How long the running request may still stand in the way of a new one, as far as is known.
  private static func rest(of pending: PendingAttempt, _ lifetime: Duration, at now: Timestamp) -> Duration {
    max(.seconds(1), pending.attempt.lastSentAt + lifetime - now)
  }

  @inline(never)
  private func refused(
    _ refusal: Refusal, _ order: SendOrder, _ visit: Visit, _ exchange: Exchange
  ) async throws(StoreFailure) -> Response {
    // A browser brings its cookie from the second form on; the first one was counted without.
    let bare = Charge.Pair(number: order.pair.number, browser: visit.visitor.bareBrowser)
    if visit.visitor.hasCookie, refusal.reasons.contains(where: { $0.row.scope == .number }),
      let state = try await limiter.store.answer(nonce: nil, pair: bare)
    {
      return try await repeated(state, order, nonce: nil, bare, visit, exchange)
    }
    var exchange = exchange
    exchange.wait = refusal.retryAfter ?? .seconds(86_400)
    let rows = refusal.reasons.map(\.row.rawValue).joined(separator: ",")
    return answers.answer(.sendLimited(SendLimit(refusal), order.form), to: exchange, details: ["rows": "\(rows)"])
  }

  // MARK: What was asked for before

  @inline(never)
  private func repeated(
    _ state: Repeat, _ order: SendOrder, nonce: CounterKey?, _ pair: Charge.Pair, _ visit: Visit, _ exchange: Exchange
  ) async throws(StoreFailure) -> Response {
    var state: Repeat? = state
    for wait in Self.patience where state == .inFlight {
      await pause(wait)
      state = try await limiter.store.answer(nonce: nonce, pair: pair)
    }
    var exchange = exchange
    switch state {
    case .inFlight: return answers.answer(.stillSending(order.form), to: exchange)
    case .lost:
      renewPage(of: order, wait: try await wait(for: order), visit, &exchange)
      return answers.answer(.sendLost(order.form), to: exchange)
    case nil: return answers.answer(.notSent(order.form), to: exchange)
    case .answered(let bytes):
      switch SendAnswer(bytes) {
      case .failed(let kind, let endedRequest):
        let wait = try await wait(for: order, endedRequest: endedRequest)
        renewPage(of: order, endedRequest: endedRequest, wait: wait, visit, &exchange)
        return answers.answer(
          order.failed(kind, endedRequest: endedRequest), to: exchange, details: ["repeated": "true"])
      case .pending(let token):
        guard let pending = seal.open(token) else { break }
        return try await shown(pending, order, visit, exchange)
      case nil: break
      }
      // Sealed with a key that is gone, or by another version.
      return answers.answer(.sendLost(order.form), to: exchange)
    }
  }

  /// The page of a message that was sent before.
  @inline(never)
  private func shown(
    _ pending: PendingAttempt, _ order: SendOrder, _ visit: Visit, _ exchange: Exchange
  ) async throws(StoreFailure) -> Response {
    var exchange = exchange
    let attempt = pending.attempt
    if let previous = order.previous {
      // Nothing was sent since this page was made: it was only too early.
      if attempt.id == previous.attempt.id, attempt.sends <= previous.attempt.sends {
        exchange.wait = try await wait(for: order)
        return answers.answer(.tooEarlyAgain, to: exchange)
      }
    } else {
      let isSpent = try await isSpent(attempt, order, visit)
      if isSpent || attempt.requestID == order.givenUp || attempt.isOver(at: clock()) {
        exchange.wait = try await wait(for: order)
        return answers.answer(.tooEarlyForNew, to: exchange)
      }
    }
    guard show(pending.page(for: visit.visitor.tag), &exchange) else {
      return answers.answer(.malfunction, to: exchange, details: ["reason": "seal"])
    }
    exchange.channel = nil  // it speaks of what came before
    return answers.answer(.repeated, to: exchange)
  }

  /// How long until the same would pass.
  ///
  /// - Parameter endedRequest: whether what it was to be sent again for has ended: then it is a first message.
  private func wait(for order: SendOrder, endedRequest: Bool = false) async throws(StoreFailure) -> Duration {
    var intent = order.intent
    if endedRequest { intent = SendIntent(number: intent.number, visitor: intent.visitor) }
    let charge = limiter.policy.charge(for: intent)
    let counts = try await limiter.store.counts(
      of: charge.rules + charge.knownRules + charge.strangerRules, guards: [])
    let known = Set<LimitRow>([.knownHour, .knownDay])
    let isKnown = counts.contains { known.contains($0.row) && $0.count > 0 }
    let waits = counts.filter { count in
      isKnown ? count.row.scope != .number : !known.contains(count.row)
    }.map { $0.wait ?? .seconds(86_400) }
    return max(.seconds(1), waits.max() ?? .zero)
  }

  /// Whether so many wrong PINs were entered that no other will be looked at.
  private func isSpent(_ attempt: Attempt, _ order: SendOrder, _ visit: Visit) async throws(StoreFailure) -> Bool {
    let rules = limiter.policy.charge(for: tryIntent(attempt, order.intent.number, visit)).rules.filter {
      $0.row == .codeWrong || $0.row == .requestWrong
    }
    return try await limiter.store.counts(of: rules, guards: []).contains { $0.wait != .zero }
  }

  /// The longest that a visitor waits for the provider to permit another message.
  static let shortWait: Duration = .seconds(2)

  /// How long a repeat waits for the answer to the first: five seconds in all.
  static let patience: [Duration] = [100, 200, 400, 800, 1500, 2000].map { .milliseconds($0) }

  // MARK: The store

  private func giveBack(_ receipt: Receipt, _ exchange: Exchange) async {
    do throws(StoreFailure) {
      heed(try await limiter.store.refund(receipt))
    } catch {
      // It stays charged: that errs on the owner's side.
      record(error, exchange.name, "refund")
    }
  }

  private func finish(_ receipt: Receipt, _ answer: SendAnswer, _ name: String) async {
    do throws(StoreFailure) {
      heed(try await limiter.store.finish(receipt, answer: answer.bytes, wasSent: answer.wasSent))
    } catch {
      // The message is charged and sent: its visitor goes on; a repeat is told that nobody knows.
      record(error, name, "finish")
    }
  }

  func storeFailed(_ failure: StoreFailure, _ exchange: Exchange) -> Response {
    answers.answer(.storeFailed(failure.kind), to: exchange, details: ["detail": "\(failure.detail)"])
  }

  private func record(_ failure: StoreFailure, _ name: String, _ operation: String) {
    log.error(
      "\(failure.code)",
      metadata: ["exchange": "\(name)", "operation": "\(operation)", "detail": "\(failure.detail)"])
  }
}
