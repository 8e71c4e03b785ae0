internal import Tokens
internal import Verification

/// The PIN page of an attempt.
extension Site {
  /// Makes the exchange's page that of this attempt.
  ///
  /// - Returns: false when it cannot be sealed.
  func show(_ pending: PendingAttempt, _ exchange: inout Exchange) -> Bool {
    guard let token = seal.seal(pending) else { return false }
    show(pending, sealedAs: token, &exchange)
    return true
  }

  func show(_ pending: PendingAttempt, sealedAs token: String, _ exchange: inout Exchange) {
    let now = clock()
    exchange.pending = pending
    exchange.token = token
    exchange.number = pending.attempt.number
    exchange.writtenNumber = plan.written(pending.attempt.number)
    exchange.lifetime = PINLifetime(of: pending, lifetime: verifier.capabilities.codeLifetime, at: now)
    let isCall = pending.attempt.lastChannel == .call
    if isCall { exchange.takesMessages = takesMessages(pending.attempt.number) }
    let wait = pending.wait(at: now)
    exchange.again =
      switch wait {
      case nil: isCall ? "We cannot call again for this PIN." : "We cannot send another message for this PIN."
      case .some(.zero): isCall ? "If no call has come, ask for another." : "If nothing has come, send it again."
      case .some(let wait): "You can \(isCall ? "ask for another call" : "send it again") in \(WaitWords.text(wait))."
      }
    exchange.againSeconds = wait.flatMap { $0 == .zero ? nil : WaitWords.seconds($0) }
  }

  private func takesMessages(_ number: PhoneNumber) -> Bool {
    guard case .accepted(let destination) = plan.read("+" + number.digits, isConfirmed: true) else { return true }
    return destination.line == .mobile
  }

  /// Gives a page whose buttons were used up a new nonce, so that they can be used again.
  ///
  /// - Parameters:
  ///   - endedRequest: whether the page's request was ended, so that the visitor gets the number form instead.
  ///   - wait: for how long the buttons would bring nothing new, where that is not what the page says.
  func renewPage(
    of order: SendOrder, endedRequest: Bool = false, wait: Duration? = nil, _ visit: Visit, _ exchange: inout Exchange
  ) {
    exchange.wait = wait ?? exchange.wait
    guard let previous = order.previous else { return }
    guard !endedRequest else {
      exchange.givenUp = previous.attempt.requestID
      return
    }
    var page = previous.page(for: visit.visitor.tag)
    if let wait { page.nextSendAt = clock() + .seconds(WaitWords.seconds(wait)) }
    _ = show(page, &exchange)  // one that cannot be sealed keeps the old token
  }
}
