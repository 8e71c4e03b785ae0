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
      if error == .tooLong { await tellOfLength(text.utf8.count, context) }
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
      context.widgetResult = .netIsFull
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

  /// What is asked for after the third party's word was looked for, or could not be; the owner is told why.
  ///
  /// - Parameter result: nil where nobody was asked.
  /// - Returns: nil where the site asks for nothing.
  @inline(never)
  func challenge(
    _ rounds: Int, _ request: SendRequest, after result: WidgetResult?, _ context: RequestContext,
    details: Logger.Metadata
  ) async -> Conclusion? {
    var weight: Int?
    switch result {
    // Whoever only fails at the third party gets nothing else.
    case nil, .said(.passed), .said(.refused), .used: break
    // Nothing was used up, and there is room again in a moment.
    case .netIsFull: context.wait = Self.waitForRoom
    // Work would be what a robot sends bad responses for. Waiting is scarce for robots, and open to their neighbors.
    case .tooOften:
      if let token = context.challengeReply?.token { return await takeSlot(token, request, context, details: details) }
    case .isFull: weight = ChallengeSettings.crowdedWeight
    case .said(.failed(let reason)):
      log.warning("challenge.unanswered", metadata: ["exchange": "\(context.reference)", "reason": "\(reason)"])
      weight = 1
    case .said(.broken(let trouble)):
      await tell(of: trouble, context)
      weight = 1
    }
    return challenge(rounds, request, context, workInstead: weight, details: details)
  }

  /// Longer than the third party is waited for.
  private static let waitForRoom: Duration = .seconds(5)

  /// Visitors can bring it about, so it is no more than a warning; but if the third party's responses have become that long,
  /// nobody passes.
  private func tellOfLength(_ length: Int, _ context: RequestContext) async {
    guard await isNews("too-long") else { return }
    log.warning("challenge.too_long", metadata: ["exchange": "\(context.reference)", "bytes": "\(length)"])
  }

  private func tell(of trouble: WidgetTrouble, _ context: RequestContext) async {
    guard await isNews(trouble.name) else { return }
    log.critical(
      "challenge.broken",
      metadata: [
        "exchange": "\(context.reference)", "reason": "\(trouble.reason)", "advice": "\(trouble.advice)",
        "then": "strangers are asked for work instead",
      ])
  }

  /// Once an hour, whoever notices it, in all processes.
  private func isNews(_ trouble: String) async -> Bool {
    do throws(StoreFailure) {
      return try await limiter.consume(keys.widgetTrouble(trouble), rememberedFor: .hour)
    } catch {
      // Rather told once more than never.
      return true
    }
  }
}
