internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// `POST cancel`: the visitor wants a different number.
extension Flow {
  /// Cancels the running request at the provider and shows the number form.
  ///
  /// If the provider does not permit that yet (Vonage: in the first 30 s), the form is shown anyway, and this process
  /// cancels the request later; a CGI program, which has exited by then, leaves it to another process. If the process
  /// is stopped first, the request expires by itself. A request that was joined may be somebody else's, so it is left
  /// alone.
  func cancel(_ form: Form, _ context: RequestContext) async -> Conclusion {
    guard let pending = pendingAttempt(in: form, context) else {
      return concluder.conclude(notOwn(context), context)
    }
    let attempt = pending.attempt
    context.givenUp = attempt.requestID
    if !pending.isJoined, knows(attempt), !attempt.isOver(at: clock()), await mayEnd(attempt, context),
      await cancellations.begin(attempt.requestID)
    {
      if let wait = await canceller.end(attempt, context.reference) {
        if leave == nil {
          Task.detached { [canceller, cancellations, reference = context.reference] in
            await canceller.end(attempt, reference, after: wait)
            await cancellations.end(attempt.requestID)
          }
        } else {
          leaveEnd(of: pending, context)
        }
      } else {
        await cancellations.end(attempt.requestID)
      }
    }
    return concluder.conclude(.givenUp, context)
  }

  /// Returns once this process has canceled all requests that it was going to.
  public func cancellationsEnded() async {
    await cancellations.allEnded()
  }

  /// However often a visitor asks, a request is canceled once: there are never more questions to the provider, or more
  /// processes left behind, than messages that were sent.
  private func mayEnd(_ attempt: Attempt, _ context: RequestContext) async -> Bool {
    let pair = ReservationRequest.Pair(
      number: keys.keys(of: attempt.number, country: nil).number, browser: context.client.keys.browser)
    do throws(StoreFailure) {
      secureAnswer()
      return try await limiter.mayCancel(keys.end(of: attempt.requestID, to: pair.number), of: pair)
    } catch {
      // The visitor is not affected: the request expires by itself.
      log.warning(
        "cancel.\(error.code)", metadata: ["exchange": "\(context.reference)", "detail": "\(error.detail)"])
      return false
    }
  }

  private func leaveEnd(of pending: PendingAttempt, _ context: RequestContext) {
    var metadata: Logger.Metadata = ["exchange": "\(context.reference)"]
    do {
      guard let token = canceller.token(for: pending) else {
        metadata["reason"] = "it cannot be sealed"
        return log.warning("cancel.left", metadata: metadata)
      }
      try leave?(token)
      metadata["request"] = "\(pending.attempt.requestID)"
      log.info("cancel.later", metadata: metadata)
    } catch {
      // The visitor is not affected: the request expires by itself.
      metadata["reason"] = "\(error)"
      log.warning("cancel.left", metadata: metadata)
    }
  }
}
