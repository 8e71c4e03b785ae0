internal import Gate
internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// `GET verify?…`: shows the page that a form was answered with, for the first time or again. It asks neither the store
/// nor the provider.
extension Flow {
  func view(_ sealed: String, for request: Request) -> Conclusion {
    let context = RequestContext(Representation(wantedBy: request))
    if isForUsers { context.user = UserName(of: request) }
    guard let view = views.open(sealed), let outcome = view.outcome, mayShow(view, to: request) else {
      return concluder.conclude(.viewForeign, context)
    }
    let now = clock()
    let pending = view.token.isEmpty ? nil : attempts.open(view.token)
    guard !view.isOver(at: now) else {
      // Only a page that waited for a PIN can say that it has expired.
      return concluder.conclude(pending == nil ? .viewForeign : .viewExpired, context)
    }
    if OutcomeRow(outcome).page.hasPINForm {
      guard let pending else { return concluder.conclude(.viewForeign, context) }
      guard knows(pending.attempt) else { return concluder.conclude(.providerChanged, context) }
    }
    if isForUsers {
      let recipient = setRecipient(context)
      guard let recipient, pending.map({ $0.attempt.number == recipient.number }) ?? true else {
        return concluder.conclude(.viewForeign, context)
      }
    }
    context.reference = view.reference
    context.wait = view.waitEndsAt.map { max(.zero, $0 - now) }
    context.arguments.triesLeft = view.triesLeft
    context.arguments.channel = view.channel
    if let pending { setPINForm(pending, view.token, context) }
    if !view.challenge.isEmpty {
      guard let token = challenges.open(view.challenge) else { return concluder.conclude(.viewForeign, context) }
      context.arguments.challenge = OutcomeArguments.Challenge(token, view.challenge)
    }
    if !view.number.isEmpty { context.arguments.number = view.number }
    context.arguments.formToken = view.form
    context.isView = true
    guard readAgain(view.number, for: outcome, context) else { return concluder.conclude(.viewForeign, context) }
    return concluder.show(outcome, context, ticket: view.ticket)
  }

  /// Recomputes what the page says about the typed number.
  ///
  /// - Returns: false if the number is now read differently because the settings have changed.
  private func readAgain(_ number: String, for outcome: Outcome, _ context: RequestContext) -> Bool {
    switch outcome {
    case .numberUnclear:
      guard case .unclear(let found) = plan.read(number, isConfirmed: false) else { return false }
      context.arguments.choices = found.map { choice($0) }
    case .numberUnfit(.wrongCountry):
      guard case .refused(.wrongCountry, let owner) = plan.read(number, isConfirmed: true) else { return false }
      explain(.wrongCountry, owner, context)
    default: break
    }
    return true
  }

  /// Whether the page was made for this browser.
  private func mayShow(_ view: PageView, to request: Request) -> Bool {
    let address = ClientAddress.read(from: request, behind: settings.trustedProxies).address
    let client = Client(of: request, at: address, keys: keys)
    return client.maySee(pageOf: view.browserTag, bare: view.bareTag)
  }
}

extension PageView {
  /// The outcome whose page it shows.
  var outcome: Outcome? { Self.outcomes[code] }

  private static let outcomes = Dictionary(uniqueKeysWithValues: Outcome.all.map { (OutcomeRow($0).code, $0) })
}
