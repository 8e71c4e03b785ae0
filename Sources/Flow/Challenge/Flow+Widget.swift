internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// What the widget of a third party gave a visitor is good for one question. So it is asked about last: after all that could
/// refuse the message, or has its answer already, when the limits want nothing but that.
extension Flow {
  /// Reserves a message for which the third party's word is wanted.
  ///
  /// - Parameters:
  ///   - text: what its form had; empty where the widget's script was not there.
  ///   - refusal: what was said without that word.
  /// - Returns: the refusal where the word is not given; `context.widgetResult` says why.
  @inline(never)
  func reserved(
    _ request: SendRequest, asking text: String, after refusal: Refusal, _ context: RequestContext
  ) async throws(StoreFailure) -> ReservationDecision.Result {
    // The owner may have changed what is asked for since: then it is asked for anew.
    guard let widget, let token = context.challengeReply?.token else { return .refused(refusal) }
    let response: WidgetResponse
    do throws(WidgetResponse.Flaw) {
      response = try WidgetResponse(text)
    } catch {
      context.widgetResult = .said(.refused(error.rawValue))
      return .refused(refusal)
    }
    let result = try await widget.result(of: response, by: request.intent.visitor, keys, at: clock())
    context.widgetResult = result
    if result == .used { return try await reserved(request, withAnother: refusal, widget, context) }
    guard result == .said(.passed) else { return .refused(refusal) }
    var intent = request.intent
    intent.passedChallenge = token.rounds
    return try await limiter.reserve(intent)
  }

  /// What becomes of a form that came twice, as by a double click: what becomes of the one that asks the third party. So few
  /// wait for that at once, and of one net, that whoever sends old answers without end fills no memory.
  @inline(never)
  private func reserved(
    _ request: SendRequest, withAnother refusal: Refusal, _ widget: WidgetCheck, _ context: RequestContext
  ) async throws(StoreFailure) -> ReservationDecision.Result {
    guard widget.mayWait(request.intent.visitor) else {
      context.widgetResult = .limited("at_once")
      return .refused(refusal)
    }
    defer { widget.endWait(request.intent.visitor) }
    for wait in Self.backoff {
      await sleep(wait)
      let result = try await limiter.reserve(request.intent)
      guard case .refused = result else { return result }
    }
    return .refused(refusal)
  }

  /// What the site asks for itself where the third party's word is not to be had, and the owner is told why.
  ///
  /// - Returns: how many times the usual work; nil where the widget is to be satisfied.
  @inline(never)
  func workInstead(of result: WidgetResult, _ context: RequestContext) async -> Int? {
    switch result {
    // Whoever only fails at the third party gets no other work.
    case .said(.passed), .said(.refused), .used: return nil
    case .limited: return ChallengeSettings.crowdedWeight
    case .said(.failed(let reason)):
      log.warning("challenge.unanswered", metadata: ["exchange": "\(context.reference)", "reason": "\(reason)"])
      return 1
    case .said(.broken(let trouble)):
      await tell(of: trouble, context)
      return 1
    }
  }

  /// Once an hour, whoever notices it, in all processes.
  private func tell(of trouble: WidgetTrouble, _ context: RequestContext) async {
    do throws(StoreFailure) {
      guard try await limiter.consume(keys.widgetTrouble(trouble.name), rememberedFor: .hour) else { return }
    } catch {
      // Rather told once more than never.
    }
    log.critical(
      "challenge.broken",
      metadata: [
        "exchange": "\(context.reference)", "reason": "\(trouble.reason)", "advice": "\(trouble.advice)",
        "then": "strangers are asked for work instead",
      ])
  }
}
