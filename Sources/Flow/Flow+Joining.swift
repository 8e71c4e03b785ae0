internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// Handles a number for which the provider already has a request running: it runs one at a time, and names it to
/// whoever asks.
///
/// The visitor gets a PIN page for that request: only the holder of the phone has the PIN, and the second browser is
/// often the same person's. It may also be a stranger's, so nobody can cancel a request from a page that only joined
/// it.
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
    context.arguments.channel = nil  // The page is about the earlier message.
    return concluder.conclude(.alreadyRunning, context)
  }

  /// The page that this browser got when it began the request, with its times and its remaining tries; nil if the store
  /// does not show that it was this browser.
  private func ownPage(of requestID: RequestID, _ request: SendRequest, _ context: RequestContext)
    async throws(StoreFailure)
    -> PendingAttempt?
  {
    let number = request.intent.number.number
    let client = context.client
    // A browser sends its cookie from the second form on; the first one was counted without it.
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
