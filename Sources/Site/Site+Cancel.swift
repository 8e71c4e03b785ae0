internal import Gateway
internal import Logging
internal import Verification

/// `POST cancel`: the visitor wants another number.
extension Site {
  /// Ends the running request at the provider and shows the number form.
  ///
  /// Where the provider does not permit that yet (Vonage: in the first 30 s), the form is shown all the same and this process
  /// ends the request when it may. A CGI process is gone by then, and one that is stopped too: the request then expires by
  /// itself.
  func cancel(_ form: Form, _ visit: Visit, _ exchange: Exchange) async -> Response {
    var exchange = exchange
    guard let pending = open(form, visit, &exchange) else { return answers.answer(.foreignRequest, to: exchange) }
    let attempt = pending.attempt
    exchange.givenUp = attempt.requestID
    let name = exchange.name
    if !attempt.isOver(at: clock()), await cancellations.begin(attempt.requestID) {
      if let wait = await end(attempt, name) {
        Task.detached { [self] in
          await pause(wait)
          _ = await end(attempt, name)
          await cancellations.end(attempt.requestID)
        }
      } else {
        await cancellations.end(attempt.requestID)
      }
    }
    return answers.answer(.givenUp, to: exchange)
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
