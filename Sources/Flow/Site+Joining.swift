internal import Gateway
internal import Limits
internal import Logging
internal import Tokens
internal import Verification

/// A number for which the provider has a request running already: it has one at a time, and names it to whoever asks.
///
/// Whoever asks gets a PIN page for it: only who has the phone has the PIN, and the browser that asks next is often the
/// owner's second one. It may also be a stranger's, so nobody ends a request by a page that they only joined.
extension Site {
  @inline(never)
  func join(_ request: RequestID, _ order: SendOrder, _ visit: Visit, _ exchange: Exchange) async -> Response {
    var exchange = exchange
    let page: PendingAttempt
    do throws(StoreFailure) {
      page =
        try await ownPage(of: request, order, visit) ?? order.joined(request, for: visit.visitor, at: clock())
    } catch {
      return storeFailed(error, exchange)
    }
    guard show(page, &exchange) else {
      return answers.answer(.malfunction, to: exchange, details: ["reason": "seal"])
    }
    exchange.channel = nil  // it speaks of what came before
    return answers.answer(.alreadyRunning, to: exchange)
  }

  /// The page that this browser got when it asked for the request, with the times and the tries that it had; nil where the
  /// store does not show that it was this one.
  private func ownPage(of request: RequestID, _ order: SendOrder, _ visit: Visit) async throws(StoreFailure)
    -> PendingAttempt?
  {
    let number = order.intent.number.number
    let visitor = visit.visitor
    // A browser brings its cookie from the second form on; the first one was counted without.
    for browser in visitor.hasCookie ? [visitor.keys.browser, visitor.bareBrowser] : [visitor.bareBrowser] {
      guard
        case .answered(let bytes) = try await limiter.store.answer(
          nonce: nil, pair: Charge.Pair(number: number, browser: browser)),
        case .pending(let token) = SendAnswer(bytes), let pending = seal.open(token),
        pending.attempt.requestID == request, !pending.attempt.isOver(at: clock())
      else { continue }
      return pending.page(for: visitor.tag)
    }
    return nil
  }
}
