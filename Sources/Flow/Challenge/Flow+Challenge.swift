internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// Under attack a stranger is asked for work, or for a third party's word, or to wait, where the limits would else
/// refuse the message (docs/challenge.md). Whether and how much the limits decide; what is brought is looked at before
/// anything is charged, and what is worth nothing counts as nothing.
extension Flow {
  /// What a form brings along to be let pass; nil for nothing that is good for this message.
  ///
  /// - Parameters:
  ///   - number: the name of the number that the message goes to.
  ///   - nonce: of the page that asks, where the challenge has to be of the same one.
  func challengeReply(
    in form: Form, for number: CounterKey, nonce: FormNonce? = nil, _ context: RequestContext
  ) -> ChallengeReply? {
    guard settings.challenge != nil else { return nil }
    let now = clock()
    for text in form.all(ChallengeReply.challengeField) {
      // A site may have a field of this name, too.
      guard let token = challenges.open(text) else { continue }
      guard token.number == number, token.net == context.client.keys.net, !token.isOver(at: now),
        nonce == nil || token.nonce == nonce
      else { return nil }
      return ChallengeReply(token, text, state(of: token, text, form, at: now))
    }
    return nil
  }

  private func state(
    of token: ChallengeToken, _ text: String, _ form: Form, at now: Timestamp
  ) -> ChallengeReply.State {
    if case .slot(let readyAt) = token.way { return now < readyAt ? .early(readyAt - now) : .passed }
    if form[ChallengeReply.waitField] == "yes" { return .wantsSlot }
    switch token.way {
    case .work(let puzzle):
      return puzzle.isSolved(by: form[ChallengeReply.solutionField] ?? "", of: text) ? .passed : .unsolved
    case .widget:
      return .widget(settings.challenge?.widget.flatMap { form[$0.kind.field] } ?? "")
    case .slot: return .unsolved  // was said above
    }
  }

  /// What becomes of a message before it is reserved, where its visitor waits.
  ///
  /// - Returns: nil where the message is to be asked for.
  @inline(never)
  func settled(_ request: SendRequest, _ context: RequestContext) async -> Conclusion? {
    guard let reply = context.challengeReply else { return nil }
    switch reply.state {
    case .passed, .unsolved, .widget: return nil
    case .early(let rest):
      context.wait = rest
      return waiting(reply.token, reply.text, request, context)
    case .wantsSlot: return await takeSlot(reply.token, request, context)
    }
  }

  // MARK: Asking for it

  /// The page that asks for what would let a message pass that the limits refused.
  ///
  /// - Parameter weight: how many times the usual work is asked for instead of the widget; nil for what the site usually asks for.
  /// - Returns: nil where the site asks for nothing.
  func challenge(
    _ rounds: Int, _ request: SendRequest, _ context: RequestContext, workInstead weight: Int? = nil,
    details: Logger.Metadata = [:]
  ) -> Conclusion? {
    guard let challenge = settings.challenge, (1...ChallengeSettings.mostRounds).contains(rounds) else { return nil }
    let way: ChallengeToken.Way
    let weighed = max(rounds, min(rounds * (weight ?? 1), ChallengeSettings.mostCrowdedRounds))
    if challenge.widget != nil, widget != nil, weight == nil {
      way = .widget
    } else if let puzzle = WorkPuzzle(parts: challenge.partsOfARound * weighed, bits: challenge.bits) {
      way = .work(puzzle)
    } else {
      return nil
    }
    let token = ChallengeToken(
      way, rounds: rounds, number: request.intent.number.number, net: request.intent.visitor.net,
      nonce: request.formNonce ?? FormNonce(), issuedAt: clock())
    guard let text = challenges.seal(token) else { return nil }
    // A browser that begins by itself would begin again for ever.
    let isFirst = context.challengeReply == nil || weight != nil
    setChallenge(token, text, request, context)
    var details = details
    details["rounds"] = "\(rounds)"
    details["challenge"] = "\(way.name)"
    return concluder.conclude(
      isFirst ? .challenged(request.form) : .challengedAgain(request.form), context, details: details)
  }

  private func setChallenge(_ token: ChallengeToken, _ text: String, _ request: SendRequest, _ context: RequestContext)
  {
    context.arguments.challenge = OutcomeArguments.Challenge(token, text)
    context.arguments.channel = request.channel
    if request.previous == nil, !isForUsers { context.arguments.number = plan.written(request.number) }
  }

  // MARK: Waiting

  private func waiting(
    _ token: ChallengeToken, _ text: String, _ request: SendRequest, _ context: RequestContext,
    details: Logger.Metadata = [:]
  ) -> Conclusion {
    setChallenge(token, text, request, context)
    return concluder.conclude(.waitingInLine(request.form), context, details: details)
  }

  /// Gives a visitor the next place in line, if there is one.
  @inline(never)
  func takeSlot(
    _ token: ChallengeToken, _ request: SendRequest, _ context: RequestContext, details: Logger.Metadata = [:]
  ) async -> Conclusion {
    secureAnswer()
    do throws(StoreFailure) {
      let now = clock()
      switch try await queue.take(in: token.net, at: now) {
      case .slot(let readyAt):
        // More may be asked for by the time that it is ready: whoever has waited does not begin anew.
        let slot = ChallengeToken(
          .slot(readyAt: readyAt), rounds: max(token.rounds, Refusal.mostRounds), number: token.number, net: token.net,
          nonce: token.nonce, issuedAt: now)
        guard let text = challenges.seal(slot) else {
          return concluder.conclude(.malfunction, context, details: ["reason": "seal"])
        }
        context.wait = readyAt - now
        return waiting(slot, text, request, context, details: details)
      case .full(let wait):
        context.wait = wait
        var details = details
        details["rows"] = "challenge.line"
        return concluder.conclude(.sendLimited(.shared, request.form), context, details: details)
      }
    } catch {
      return storeFailed(error, context)
    }
  }
}

extension ChallengeToken.Way {
  /// For the log, and for programs.
  package var name: String {
    switch self {
    case .work: "work"
    case .widget: "widget"
    case .slot: "place"
    }
  }
}
