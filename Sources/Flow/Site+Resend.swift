internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// `POST resend` and `POST call`: a running attempt is to get one more message.
extension Site {
  func sendAgain(_ form: Form, _ visit: Visit, _ exchange: consuming Exchange, by channel: Channel) async -> Response {
    let order: SendOrder
    let attempt: Attempt
    switch resending(form, visit, &exchange, by: channel) {
    case .order(let made, let running): (order, attempt) = (made, running)
    case .ending(let ending): return answers.answer(ending, to: exchange)
    }
    return await send(order, visit, exchange) { () async throws(VerifierFailure) -> SendOutcome in
      try await verifier.sendAgain(attempt, by: order.channel, languages: visit.languages)
    }
  }

  private enum Resending {
    case order(SendOrder, Attempt)
    case ending(Ending)
  }

  /// What the form comes to. Apart from the waiting for it, so that its locals are gone by then.
  @inline(never)
  private func resending(
    _ form: Form, _ visit: Visit, _ exchange: inout Exchange, by channel: Channel
  ) -> Resending {
    guard let pending = open(form, visit, &exchange) else { return .ending(.foreignRequest) }
    let attempt = pending.attempt
    exchange.channel = channel
    guard !attempt.isOver(at: clock()) else { return .ending(.expired) }
    // The owner may have changed what is served; and a landline gets calls only.
    let destination: Destination
    switch plan.read("+" + attempt.number.digits, isConfirmed: true) {
    case .accepted(let accepted): destination = accepted
    case .unclear: return .ending(.malfunction)  // never of a number that is confirmed
    case .refused(let refusal, let owner):
      blame(refusal, owner, &exchange)
      return .ending(.numberUnfit(refusal))
    }
    let channel = destination.line == .landline ? .call : channel
    exchange.channel = channel

    let keys = limiter.keys
    let number = keys.keys(of: attempt.number, country: destination.country)
    let intent = SendIntent(
      number: number, visitor: visit.visitor.keys, nonce: keys.form(pending.nonce, attempt.number, named: number),
      resendOf: keys.attempt(attempt, of: number), code: keys.code(of: attempt.requestID, to: number))
    let order = SendOrder(
      intent: intent, number: attempt.number, channel: channel, previous: pending, givenUp: nil)
    return .order(order, attempt)
  }

  /// The attempt of a page whose buttons this browser may press.
  func open(_ form: Form, _ visit: Visit, _ exchange: inout Exchange) -> PendingAttempt? {
    guard let token = form["requestId"], let pending = seal.open(token),
      visit.visitor.mayUse(formOf: pending.browserTag)
    else { return nil }
    show(pending, sealedAs: token, &exchange)
    return pending
  }
}
