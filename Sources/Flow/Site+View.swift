internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// `GET verify?…`: a page that a form was answered with is to be shown, for the first time or again. It asks neither the
/// store nor the provider.
extension Site {
  func view(_ sealed: String, for request: Request) -> Response {
    var exchange = Exchange()
    guard let view = views.open(sealed), let ending = view.ending, mayShow(view, to: request) else {
      return answers.answer(.viewForeign, to: exchange)
    }
    let now = clock()
    let pending = view.token.isEmpty ? nil : seal.open(view.token)
    guard !view.isOver(at: now) else {
      // Only where a PIN was waited for one has expired.
      return answers.answer(pending == nil ? .viewForeign : .viewExpired, to: exchange)
    }
    if case .pinForm = Verdict(ending).words, pending == nil { return answers.answer(.viewForeign, to: exchange) }
    exchange.name = view.reference
    exchange.wait = view.waitEndsAt.map { max(.zero, $0 - now) }
    exchange.triesLeft = view.triesLeft
    exchange.channel = view.channel
    if let pending { show(pending, sealedAs: view.token, &exchange) }
    if !view.number.isEmpty { exchange.writtenNumber = view.number }
    exchange.form = view.form
    exchange.referrerPolicy = PageHeaders.referrerPolicyOfViews
    guard readAgain(view.number, for: ending, &exchange) else { return answers.answer(.viewForeign, to: exchange) }
    return answers.show(ending, to: exchange)
  }

  /// What the page says of the number that was typed comes out of that again.
  ///
  /// - Returns: false when the number is read otherwise by now, because the settings have changed.
  private func readAgain(_ number: String, for ending: Ending, _ exchange: inout Exchange) -> Bool {
    switch ending {
    case .numberUnclear:
      guard case .unclear(let found) = plan.read(number, isConfirmed: false) else { return false }
      exchange.choices = found.map { choice($0) }
    case .numberUnfit(.wrongCountry):
      guard case .refused(.wrongCountry, let owner) = plan.read(number, isConfirmed: true) else { return false }
      blame(.wrongCountry, owner, &exchange)
    default: break
    }
    return true
  }

  /// Whether the page was made for this browser.
  private func mayShow(_ view: PageView, to request: Request) -> Bool {
    let address = ClientAddress.read(from: request, behind: settings.trustedProxies).address
    let visitor = Visitor(of: request, at: address, keys: limiter.keys)
    return visitor.maySee(pageOf: view.browserTag, bare: view.bareTag)
  }
}
