internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// `POST register`: asks for the first message to a number.
extension Flow {
  func register(_ form: Form, _ context: RequestContext) async -> Conclusion {
    let request: SendRequest
    switch registration(form, context) {
    case .send(let made): request = made
    case .end(let outcome): return concluder.conclude(outcome, context)
    }
    if let conclusion = await settled(request, context) { return conclusion }
    return await send(request, context) { () async throws(VerifierFailure) -> SendOutcome in
      try await verifier.start(request.number, by: request.channel, languages: context.languages)
    }
  }

  /// Reads the form. A separate function, so that its locals are gone while the message is being sent.
  @inline(never)
  private func registration(_ form: Form, _ context: RequestContext) -> Submission {
    // The site may have a field with this name, too: a value that cannot be opened is the site's own.
    let token = form.all("form").lazy.compactMap { self.forms.open($0) }.first {
      context.client.mayUse(formOf: $0.browserTag)
    }
    context.givenUp = token?.givenUp
    context.ticket = token?.ticket ?? context.ticket
    if isForUsers {
      guard let recipient = setRecipient(context) else { return .end(.userMissing) }
      context.number = recipient.number
      context.arguments.channel = recipient.channel
      return submission(recipient.number, of: recipient.country, by: recipient.channel, token, form, context)
    }
    let typed = form["number"] ?? ""
    context.arguments.number = typed
    guard typed.contains(where: { !$0.isWhitespace }) else { return .end(.numberMissing) }

    let channel: Channel = makesCalls && form["channel"] == Channel.call.rawValue ? .call : .text
    context.arguments.channel = channel
    let destination: Destination
    // A call is only offered for a number that the page has shown, which begins with +.
    let isOffered = channel == .call && typed.hasPrefix("+")
    switch plan.read(typed, isConfirmed: form["confirmed"] == "yes" || isOffered) {
    case .accepted(let accepted): destination = accepted
    case .unclear(let found):
      context.arguments.choices = found.map { choice($0) }
      return .end(.numberUnclear)
    case .refused(let refusal, let owner):
      explain(refusal, owner, context)
      return .end(.numberUnfit(refusal))
    }
    let number = destination.number
    context.number = number
    guard destination.line == .mobile || makesCalls else { return .end(.landlineRefused) }
    guard destination.line == .mobile || channel == .call else {
      context.arguments.number = plan.written(number)
      return .end(.landline)
    }
    return submission(number, of: destination.country, by: channel, token, form, context)
  }

  private func submission(
    _ number: PhoneNumber, of country: Country?, by channel: Channel, _ token: FormToken?, _ form: Form,
    _ context: RequestContext
  ) -> Submission {
    if let token, token.isOld(at: clock(), remembered: limiter.nonceLife) { return .end(.formTooOld) }

    // A message that is not sent says nothing about a country's numbers.
    let names = keys.keys(of: number, country: admits(number) ? country : nil)
    let reply = challengeReply(in: form, for: names.number, context)
    context.challengeReply = reply
    // A challenge is good for one message, like a form.
    let nonce = reply?.token.nonce ?? token?.nonce
    let intent = SendIntent(
      number: names, visitor: context.client.keys, nonce: nonce.map { keys.form($0, number, named: names) },
      passedChallenge: reply?.rounds ?? 0, proof: context.proofSubject, looksAutomated: context.automation != nil)
    tellUnsent(to: number, context)
    return .send(
      SendRequest(
        intent: intent, formNonce: nonce, number: number, channel: channel, previous: nil, givenUp: token?.givenUp))
  }
}

/// What a form leads to before anything is waited for.
enum Submission {
  case send(SendRequest)
  case end(Outcome)
}
