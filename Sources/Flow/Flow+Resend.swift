internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// `POST resend` and `POST call`: asks for one more message for a running attempt.
extension Flow {
  func sendAgain(_ form: Form, _ context: RequestContext, by channel: Channel) async -> Conclusion {
    let request: SendRequest
    switch resending(form, context, by: channel) {
    case .send(let made): request = made
    case .end(let outcome): return concluder.conclude(outcome, context)
    }
    guard let attempt = request.previous?.attempt else { return concluder.conclude(.malfunction, context) }
    if let conclusion = await settled(request, context) { return conclusion }
    return await send(request, context) { () async throws(VerifierFailure) -> SendOutcome in
      try await verifier.sendAgain(attempt, by: request.channel, languages: context.languages)
    }
  }

  /// Reads the form. A separate function, so that its locals are gone while the message is being sent.
  @inline(never)
  private func resending(
    _ form: Form, _ context: RequestContext, by channel: Channel
  ) -> Submission {
    guard let pending = pendingAttempt(in: form, context) else { return .end(notOwn(context)) }
    let attempt = pending.attempt
    context.arguments.channel = channel
    guard knows(attempt) else { return .end(.providerChanged) }
    guard !attempt.isOver(at: clock()) else { return .end(.expired) }
    // The owner may have changed which countries are served, and a landline only gets calls.
    if isForUsers {
      guard let recipient = setRecipient(context) else { return .end(.userMissing) }
      let channel = recipient.channel == .call ? .call : channel
      return submission(pending, of: recipient.country, by: channel, form, context)
    }
    let destination: Destination
    switch plan.read("+" + attempt.number.digits, isConfirmed: true) {
    case .accepted(let accepted): destination = accepted
    case .unclear: return .end(.malfunction)  // Impossible for a confirmed number.
    case .refused(let refusal, let owner):
      explain(refusal, owner, context)
      return .end(.numberUnfit(refusal))
    }
    guard destination.line == .mobile || makesCalls else { return .end(.landlineRefused) }
    return submission(
      pending, of: destination.country, by: destination.line == .landline ? .call : channel, form, context)
  }

  private func submission(
    _ pending: PendingAttempt, of country: Country?, by channel: Channel, _ form: Form, _ context: RequestContext
  ) -> Submission {
    context.arguments.channel = channel
    let attempt = pending.attempt
    // A message that is not sent says nothing about a country's numbers.
    let number = keys.keys(of: attempt.number, country: admits(attempt.number) ? country : nil)
    let reply = challengeReply(in: form, for: number.number, nonce: pending.nonce, context)
    context.challengeReply = reply
    let intent = SendIntent(
      number: number, visitor: context.client.keys, nonce: keys.form(pending.nonce, attempt.number, named: number),
      resendOf: keys.attempt(attempt, of: number), code: keys.code(of: attempt.requestID, to: number),
      passedChallenge: reply?.rounds ?? 0, proof: context.proofSubject)
    tellUnsent(to: attempt.number, context)
    return .send(
      SendRequest(
        intent: intent, formNonce: pending.nonce, number: attempt.number, channel: channel, previous: pending,
        givenUp: nil))
  }
}
