internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// A number for which the provider has a request running already: it has one at a time, and names it to whoever asks.
///
/// Whoever asks gets a PIN page for it: only who has the phone has the PIN, and the browser that asks next is often the
/// owner's second one. It may also be a stranger's, so nobody ends a request by a page that they only joined.
extension Flow {
  @inline(never)
  func join(_ requestID: RequestID, _ request: SendRequest, _ context: RequestContext) async -> Conclusion {
    let page: PendingAttempt
    do throws(StoreFailure) {
      page =
        try await ownPage(of: requestID, request, context)
        ?? request.joined(requestID, for: context.client, at: clock())
    } catch {
      return storeFailed(error, context)
    }
    guard setPINForm(page, context) != nil else {
      return concluder.conclude(.malfunction, context, details: ["reason": "seal"])
    }
    context.arguments.channel = nil  // it speaks of what came before
    return concluder.conclude(.alreadyRunning, context)
  }

  /// The page that this browser got when it asked for the request, with the times and the tries that it had; nil where the
  /// store does not show that it was this one.
  private func ownPage(of requestID: RequestID, _ request: SendRequest, _ context: RequestContext)
    async throws(StoreFailure)
    -> PendingAttempt?
  {
    let number = request.intent.number.number
    let client = context.client
    // A browser brings its cookie from the second form on; the first one was counted without.
    for browser in client.hasCookie ? [client.keys.browser, client.bareBrowser] : [client.bareBrowser] {
      guard
        case .answered(let bytes) = try await limiter.replay(
          ReservationRequest.Pair(number: number, browser: browser)),
        case .pending(let token) = SendAnswer(bytes), let pending = attempts.open(token),
        pending.attempt.requestID == requestID, !pending.attempt.isOver(at: clock())
      else { continue }
      return pending.page(for: client.tag)
    }
    return nil
  }
}
