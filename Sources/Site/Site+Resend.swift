internal import Gateway
internal import Verification

/// `POST resend` and `POST call`: a running attempt is to get one more message.
extension Site {
  func sendAgain(_ form: Form, _ visit: Visit, _ exchange: Exchange, by channel: Channel) async -> Response {
    var exchange = exchange
    guard let pending = open(form, visit, &exchange) else { return answers.answer(.foreignRequest, to: exchange) }
    let attempt = pending.attempt
    guard !attempt.isOver(at: clock()) else { return answers.answer(.expired, to: exchange) }
    // The owner may have changed what is served; and a landline gets calls only.
    let destination: Destination
    switch plan.read("+" + attempt.number.digits) {
    case .accepted(let accepted): destination = accepted
    case .refused(let refusal):
      exchange.countries = servedCountries
      return answers.answer(.numberUnfit(refusal), to: exchange)
    }
    let channel = destination.line == .landline ? .call : channel

    let keys = limiter.keys
    let number = keys.keys(of: attempt.number, country: destination.country)
    let intent = SendIntent(
      number: number, visitor: visit.visitor.keys, nonce: keys.form(pending.nonce, attempt.number, named: number),
      resendOf: keys.attempt(attempt, of: number), code: keys.code(of: attempt.requestID, to: number))
    let order = SendOrder(
      intent: intent, number: attempt.number, channel: channel, previous: pending, givenUp: nil)
    return await send(order, visit, exchange) { () async throws(VerifierFailure) -> SendAgainOutcome in
      try await verifier.sendAgain(attempt, by: channel, languages: visit.languages)
    }
  }

  /// The attempt of a page whose buttons this browser may press.
  func open(_ form: Form, _ visit: Visit, _ exchange: inout Exchange) -> Pending? {
    guard let token = form["requestId"], let pending = seal.open(token),
      visit.visitor.mayUse(formOf: pending.browserTag)
    else { return nil }
    show(pending, sealedAs: token, &exchange)
    return pending
  }
}
