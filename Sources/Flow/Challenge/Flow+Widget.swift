internal import Limits
internal import Threads
internal import Tokens

/// What the widget of a third party gave a visitor is good for one question. So it is asked about last: after all that could
/// refuse the message, or has its answer already, when the limits want nothing but that.
extension Flow {
  /// Reserves a message for which the third party's word is wanted.
  ///
  /// - Parameters:
  ///   - response: what its form had; empty where the widget's script was not there.
  ///   - refusal: what was said without that word.
  /// - Returns: the refusal where the word is not given; `context.widgetFinding` says why.
  @inline(never)
  func reserved(
    _ request: SendRequest, asking response: String, after refusal: Refusal, _ context: RequestContext
  ) async throws(StoreFailure) -> ReservationDecision.Result {
    // The owner may have changed what is asked for since: then it is asked for anew.
    guard let askWidget, let token = context.challengeReply?.token else { return .refused(refusal) }
    guard !response.isEmpty else {
      context.widgetFinding = .refused("no_response")
      return .refused(refusal)
    }
    guard try await limiter.consume(keys.widgetResponse(response), rememberedFor: ChallengeToken.life) else {
      context.widgetFinding = .refused("used")
      return try await reserved(request, withAnother: refusal)
    }
    let finding = await askWidget(response)
    context.widgetFinding = finding
    guard finding == .passed else { return .refused(refusal) }
    var intent = request.intent
    intent.passedChallenge = token.rounds
    return try await limiter.reserve(intent)
  }

  /// What becomes of a form that came twice, as by a double click: what becomes of the one that asks the third party. So few
  /// wait for that at once that whoever sends old answers without end fills no memory.
  @inline(never)
  private func reserved(
    _ request: SendRequest, withAnother refusal: Refusal
  ) async throws(StoreFailure) -> ReservationDecision.Result {
    let isFree = repeatedResponses.with { count in
      guard count < Self.mostRepeatedResponses else { return false }
      count += 1
      return true
    }
    guard isFree else { return .refused(refusal) }
    defer { repeatedResponses.with { $0 -= 1 } }
    for wait in Self.backoff {
      await sleep(wait)
      let result = try await limiter.reserve(request.intent)
      guard case .refused = result else { return result }
    }
    return .refused(refusal)
  }

  private static let mostRepeatedResponses = 64
}
