internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// `POST cancel`: the visitor wants another number.
extension Site {
  /// Ends the running request at the provider and shows the number form.
  ///
  /// Where the provider does not permit that yet (Vonage: in the first 30 s), the form is shown all the same, and this
  /// process ends the request when it may; one that is gone by then (CGI) leaves it to another. A process that is stopped
  /// before leaves the request to expire by itself. A request that was joined may be another's: it is left alone.
  func cancel(_ form: Form, _ visit: Visit, _ exchange: consuming Exchange) async -> Response {
    guard let pending = open(form, visit, &exchange) else { return answers.answer(.foreignRequest, to: exchange) }
    let attempt = pending.attempt
    exchange.givenUp = attempt.requestID
    let name = exchange.name
    if !pending.isJoined, !attempt.isOver(at: clock()), await mayEnd(attempt, visit, name),
      await cancellations.begin(attempt.requestID)
    {
      if let wait = await end(attempt, name) {
        if leave == nil {
          Task.detached { [self] in
            await end(attempt, name, after: wait)
            await cancellations.end(attempt.requestID)
          }
        } else {
          leaveEnd(of: pending, name)
        }
      } else {
        await cancellations.end(attempt.requestID)
      }
    }
    return answers.answer(.givenUp, to: exchange)
  }

  /// Returns when this process has ended all requests that it was to end.
  public func cancellationsEnded() async {
    await cancellations.allEnded()
  }

  /// Ends the request that another process has left to this one, as soon as the provider permits it.
  ///
  /// - Parameter token: what that process' `leave` was given.
  /// - Returns: whether it was one of this site's.
  public func endLeft(_ token: String) async -> Bool {
    guard let attempt = left.open(token)?.attempt, !attempt.isOver(at: clock()) else { return false }
    let name = Exchange().name
    if let wait = await end(attempt, name) {
      await end(attempt, name, after: wait)
    }
    return true
  }

  /// However often a visitor asks for it, a request is ended once: there are never more questions to the provider, and
  /// never more processes that are left behind, than messages that were charged.
  private func mayEnd(_ attempt: Attempt, _ visit: Visit, _ name: String) async -> Bool {
    let pair = Charge.Pair(
      number: limiter.keys.keys(of: attempt.number, country: nil).number, browser: visit.visitor.keys.browser)
    let charge = limiter.policy.charge(forEndOf: limiter.keys.end(of: attempt.requestID, to: pair.number), in: pair)
    do throws(StoreFailure) {
      guard case .admitted = try await self.charge(charge).verdict else { return false }
      return true
    } catch {
      // The visitor goes on: the request ends by itself.
      log.warning("cancel.\(error.code)", metadata: ["exchange": "\(name)", "detail": "\(error.detail)"])
      return false
    }
  }

  private func leaveEnd(of pending: PendingAttempt, _ name: String) {
    do {
      guard let token = left.seal(pending) else { return log.warning("cancel.left", metadata: ["exchange": "\(name)"]) }
      try leave?(token)
      log.info("cancel.later", metadata: ["exchange": "\(name)", "request": "\(pending.attempt.requestID)"])
    } catch {
      // The visitor goes on: the request ends by itself.
      log.warning("cancel.left", metadata: ["exchange": "\(name)", "reason": "\(error)"])
    }
  }

  private func end(_ attempt: Attempt, _ name: String, after wait: Duration) async {
    await pause(wait)
    _ = await end(attempt, name)
  }

  /// - Returns: how long the provider wants to be left alone before it is asked again; nil when it is done with.
  private func end(_ attempt: Attempt, _ name: String) async -> Duration? {
    let outcome: CancelOutcome
    do {
      outcome = try await verifier.cancel(attempt)
    } catch {
      // The visitor goes on: the request ends by itself.
      log.warning(
        "cancel.\(error.kind.rawValue)", metadata: ["exchange": "\(name)", "detail": "\(error.detail)"])
      return nil
    }
    switch outcome {
    case .tooEarly(let wait): return wait
    case .cancelled, .tooLate, .gone:
      log.info("cancel.\(outcome)", metadata: ["exchange": "\(name)", "request": "\(attempt.requestID)"])
      return nil
    }
  }
}
