internal import Gateway
internal import Logging
internal import Verification

/// A number for which the provider has a request running already: it has one at a time, and names it to whoever asks.
///
/// Who has its page can use up its tries and end it. So it is for those alone whose own it may be: an answer that was
/// lost is found again by it. Everybody else waits until it has ended.
extension Site {
  /// - Parameter isSettled: whether what this order was charged was given back, so that the store shows what was there
  ///   before it.
  @inline(never)
  func join(
    _ request: RequestID, _ order: SendOrder, isSettled: Bool, _ visit: Visit, _ exchange: Exchange
  ) async -> Response {
    var exchange = exchange
    let page: Pending?
    do throws(StoreFailure) {
      page = isSettled ? try await self.page(of: request, order, visit) : nil
    } catch {
      return storeFailed(error, exchange)
    }
    guard let page else {
      // The page that it was to be sent again for is of a request that is no more.
      renewPage(of: order, endedRequest: true, visit, &exchange)
      exchange.wait = settings.pinLifetime
      return answers.answer(.runningForAnother, to: exchange)
    }
    guard show(page, &exchange) else {
      return answers.answer(.malfunction, to: exchange, details: ["reason": "seal"])
    }
    return answers.answer(.alreadyRunning, to: exchange)
  }

  /// The page of a running request for a visitor whose it is, as far as the store knows: who has sent a message to this
  /// number whose answer is that request, was lost or is not there yet. And for a browser in which the number was verified:
  /// it is its owner's, who must not be locked out by a stranger's request, and may send again in its place.
  private func page(
    of request: RequestID, _ order: SendOrder, _ visit: Visit
  ) async throws(StoreFailure) -> Pending? {
    let number = order.intent.number.number
    let visitor = visit.visitor
    let joined = order.joined(request, for: visitor, at: clock())
    // A browser brings its cookie from the second form on; the first one was counted without.
    for browser in visitor.hasCookie ? [visitor.keys.browser, visitor.bareBrowser] : [visitor.bareBrowser] {
      switch try await limiter.store.answer(nonce: nil, pair: Charge.Pair(number: number, browser: browser)) {
      case nil: continue
      case .inFlight, .lost: return joined
      case .answered(let bytes):
        switch SendAnswer(bytes) {
        case .failed: return joined
        case .pending(let token):
          guard let pending = seal.open(token), pending.attempt.requestID == request else { continue }
          return pending.attempt.isOver(at: clock()) ? joined : pending.page(for: visitor)
        case nil: continue
        }
      }
    }
    return try await limiter.store.browsers(knowing: number).contains(visitor.keys.browser) ? joined : nil
  }
}
