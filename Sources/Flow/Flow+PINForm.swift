internal import Gateway
internal import Tokens
internal import Verification

/// The PIN form of an attempt.
extension Flow {
  /// The attempt of a page whose buttons this browser may use. It becomes the request's PIN form.
  func pendingAttempt(in form: Form, _ context: RequestContext) -> PendingAttempt? {
    guard let token = form["requestId"], let pending = attempts.open(token),
      context.client.mayUse(formOf: pending.browserTag), isAttempt(pending.attempt, of: context)
    else { return nil }
    context.ticket = pending.ticket
    guard gate == nil || !pending.binding.isEmpty && pending.binding == context.bond?.tag else {
      context.isUnbound = true
      return nil
    }
    setPINForm(pending, token, context)
    return pending
  }

  /// The outcome for a form that is not this browser's.
  func notOwn(_ context: RequestContext) -> Outcome { context.isUnbound ? .unbound : .foreignRequest }

  /// Makes an attempt the request's PIN form.
  ///
  /// - Returns: the sealed attempt; nil if it cannot be sealed, and then nothing has changed.
  func setPINForm(_ pending: PendingAttempt, _ context: RequestContext) -> String? {
    var page = pending
    if gate != nil {
      page.binding = context.bond?.tag ?? []
      page.ticket = context.ticket
    }
    guard let token = attempts.seal(page) else { return nil }
    setPINForm(page, token, context)
    return token
  }

  func setPINForm(_ pending: PendingAttempt, _ token: String, _ context: RequestContext) {
    let now = clock()
    let (number, channel) = (pending.attempt.number, pending.attempt.lastChannel)
    context.pending = pending
    context.number = number
    if isForUsers {
      context.arguments.ending = String(number.digits.suffix(2))
    } else {
      context.arguments.number = plan.written(number)
    }
    let next: OutcomeArguments.NextMessage =
      switch pending.wait(at: now) {
      case nil: .never
      case .some(.zero): .now
      case .some(let wait): .after(wait)
      }
    let life = verifier.capabilities.codeLifetime
    context.arguments.pinForm = OutcomeArguments.PINForm(
      token: token, channel: channel, lifetime: PINLifetime(of: pending, lifetime: life, at: now), next: next,
      codeLength: verifier.capabilities.codeLength, takesMessages: channel == .text || takesMessages(number),
      makesCalls: makesCalls, endsAt: pending.isJoined ? nil : PINLifetime.end(of: pending, lifetime: life),
      nextSendAt: next == .never ? nil : pending.nextSendAt)
  }

  /// Whether the current provider knows an attempt's request: the owner may have changed providers since.
  func knows(_ attempt: Attempt) -> Bool { attempt.requestID.provider == verifier.provider }

  /// Gives a page whose buttons were used a new nonce, so that they can be used again.
  ///
  /// - Parameters:
  ///   - endedRequest: whether the page's request has ended, so that the visitor gets the number form instead.
  ///   - wait: for how long the buttons would have no effect, if the page does not say so already.
  func renewPage(
    of request: SendRequest, endedRequest: Bool = false, wait: Duration? = nil, _ context: RequestContext
  ) {
    context.wait = wait ?? context.wait
    guard let previous = request.previous else { return }
    guard !endedRequest else {
      context.givenUp = previous.attempt.requestID
      return
    }
    var page = previous.page(for: context.client.tag)
    if let wait { page.nextSendAt = clock() + .seconds(wait.wholeSeconds) }
    _ = setPINForm(page, context)  // If it cannot be sealed, the old token stays.
  }

  /// The outcome for a request that the provider no longer knows. It does not say why, and only the time tells an
  /// expired request from a used one.
  static func outcome(ofGone lifetime: PINLifetime) -> Outcome {
    switch lifetime {
    case .fresh, .left: .used
    case .over: .expired
    case .unknown: .ended
    }
  }
}
