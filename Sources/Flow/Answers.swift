internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Tokens
internal import Verification

/// Makes the one answer and the one line of the log out of an ending: nothing else turns a failure into a response.
final class Answers: Sendable {
  private let pages: Pages
  private let settings: SiteSettings
  private let forms: TokenSeal<FormToken>?
  private let views: TokenSeal<PageView>?
  private let log: Logger
  private let clock: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - forms: seals what number forms carry; nil where none is shown.
  ///   - views: seals what pages have shown; nil where no page has an address of its own.
  ///   - clock: what time it is.
  init(
    pages: Pages, settings: SiteSettings, forms: TokenSeal<FormToken>?, views: TokenSeal<PageView>? = nil, log: Logger,
    clock: @escaping @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: 0) }
  ) {
    self.pages = pages
    self.settings = settings
    self.forms = forms
    self.views = views
    self.log = log
    self.clock = clock
  }

  /// Makes the page that an answer will probably have, before anything is done that must not go without one.
  func prepare(_ shape: PageShape) {
    _ = pages.page(shape)
  }

  /// - Parameters:
  ///   - failure: what the provider's failure was, for the log and for the time to wait.
  ///   - allow: the methods that the route has, for the answer to one that it has not.
  ///   - details: more for the log.
  @inline(never)  // its locals would be kept by whoever waits
  func answer(
    _ ending: Ending, to exchange: Exchange, failure: VerifierFailure? = nil, allow: [HTTPRequest.Method] = [],
    details: Logger.Metadata = [:]
  ) -> Response {
    let verdict = Verdict(ending)
    var exchange = exchange
    // What cannot be found in the log is no help to a visitor who asks the owner.
    if !record(verdict, exchange, failure, details) { exchange.name = "" }

    let wait = verdict.retryAfter.map { Self.wait($0, exchange, failure) }
    if exchange.isAnsweredByAddress, let view = sealedView(verdict, exchange, wait: wait) {
      var fields: HTTPFields = [.location: PageAddress.relative(view), .cacheControl: "no-store"]
      fields[.setCookie] = exchange.newCookie
      return Response(status: .seeOther, fields: fields)
    }
    return page(verdict, exchange, wait: wait, allow: allow)
  }

  /// A page that was answered before, at its own address. Its line in the log was written then.
  func show(_ ending: Ending, to exchange: Exchange) -> Response {
    let verdict = Verdict(ending)
    log.debug("view.shown", metadata: ["exchange": "\(exchange.name)", "page": "\(verdict.code)"])
    let wait = verdict.retryAfter.map { exchange.wait ?? $0 }
    return page(verdict, exchange, wait: wait, allow: [])
  }

  /// - Returns: nil when the page does not fit into an address: then it is answered as it is.
  private func sealedView(_ verdict: Verdict, _ exchange: Exchange, wait: Duration?) -> String? {
    let view = view(verdict, exchange, wait: wait)
    return view.number.utf8.count <= PageView.longestNumber ? views?.seal(view) : nil
  }

  private func view(_ verdict: Verdict, _ exchange: Exchange, wait: Duration?) -> PageView {
    let now = clock()
    var view = PageView(
      code: verdict.code, reference: exchange.name, browserTag: exchange.visitor?.tag ?? Visitor.anyBrowser,
      bareTag: exchange.visitor?.bareTag ?? Visitor.anyBrowser, endsAt: now + PageView.life,
      waitEndsAt: wait.map { now + .seconds(WaitWords.seconds($0)) }, triesLeft: exchange.triesLeft,
      channel: exchange.channel)
    switch verdict.words {
    case .numberForm, .choiceForm, .callForm:
      view.number = exchange.writtenNumber
      view.form = form(exchange)
    case .pinForm:
      view.token = exchange.token
      // The page's PIN is good no longer than this.
      if let attempt = exchange.pending?.attempt {
        view.endsAt = min(view.endsAt, attempt.startedAt + Attempt.longestLife)
      }
    case .page: break
    }
    return view
  }

  private func page(
    _ verdict: Verdict, _ exchange: Exchange, wait: Duration?, allow: [HTTPRequest.Method]
  ) -> Response {
    let (shape, texts) = content(verdict, exchange, wait: wait)
    let page = pages.page(shape)
    var fields = page.fields
    fields.reserveCapacity(fields.count + Self.mostOwnFields)
    if exchange.referrerPolicy != PageHeaders.referrerPolicy { fields[.referrerPolicy] = exchange.referrerPolicy }
    if !allow.isEmpty {
      fields[.allow] = allow.map(\.rawValue).joined(separator: ", ")
    }
    fields[.setCookie] = exchange.newCookie
    if let wait {
      fields[.retryAfter] = String(WaitWords.seconds(wait))
    }
    return Response(status: verdict.status, fields: fields, body: page.skeleton.filled(with: texts))
  }

  /// The cookie, one of `Allow` and `Retry-After`, and the length.
  private static let mostOwnFields = 3

  private static func wait(_ usual: Duration, _ exchange: Exchange, _ failure: VerifierFailure?) -> Duration {
    if let wait = exchange.wait { return wait }
    // A provider that asks for days would only keep the visitor away from a site that works again.
    return failure?.retryAfter.map { min($0, .seconds(3600)) } ?? usual
  }

  private func content(_ verdict: Verdict, _ exchange: Exchange, wait: Duration?) -> (PageShape, HoleTexts) {
    var texts = HoleTexts()
    texts[.home] = exchange.home
    texts[.number] = exchange.writtenNumber
    texts[.referrerPolicy] = exchange.referrerPolicy
    switch verdict.words {
    case .numberForm(let message):
      texts[.title] = Pages.numberTitle
      texts[.form] = form(exchange)
      texts[.message] = MessageText(message, exchange, wait: wait).whole
      texts[.countries] = exchange.countries
      return (.number(message.kind, hasCountries: message.kind == .field && !exchange.countries.isEmpty), texts)
    case .choiceForm:
      let choices = exchange.choices.prefix(PageShape.mostChoices)
      for (choice, holes) in zip(choices, Hole.choices) {
        (texts[holes.number], texts[holes.country]) = (choice.number, choice.country)
      }
      let shape = PageShape.choice(max(1, choices.count))
      texts[.title] = Pages.choiceTitle(choices.count)
      texts[.form] = form(exchange)
      texts[.channel] = (exchange.channel ?? .text).rawValue
      return (shape, texts)
    case .callForm:
      texts[.title] = Pages.callTitle
      texts[.form] = form(exchange)
      return (.call, texts)
    case .pinForm(let message):
      texts[.title] = Pages.pinTitle
      texts[.requestId] = exchange.token
      let channel = exchange.pending?.attempt.lastChannel ?? .text
      texts[.lifetime] = exchange.lifetime?.words(by: channel) ?? ""
      // Where the message says how long to wait there is no other time beside it.
      if message?.text.contains("{wait}") != true {
        texts[.again] = exchange.again
        texts[.againSeconds] = exchange.againSeconds.map { "\($0)" } ?? ""
      }
      if let message {
        let text = MessageText(message, exchange, wait: wait)
        texts[.message] = text.main
        texts[.messageDetail] = text.detail
      }
      return (.pin(message?.kind, channel, takesMessages: channel == .text || exchange.takesMessages), texts)
    case .page(let tone, let title, let paragraphs, let action):
      texts[.title] = title
      texts[.firstParagraph] = paragraphs[0]
      texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
      (texts[.actionLabel], texts[.actionHref]) = link(action, exchange)
      // A visitor who asks the owner for help can name the line in the log.
      texts[.reference] = exchange.name
      let hasReference = tone == .failure && !exchange.name.isEmpty
      return (.status(tone, paragraphs: paragraphs.count, hasReference: hasReference), texts)
    }
  }

  /// What the hidden field of a number form carries. One that cannot be sealed is left empty, and guards nothing.
  private func form(_ exchange: Exchange) -> String {
    guard exchange.form.isEmpty else { return exchange.form }
    guard let forms, let visitor = exchange.visitor, let time = exchange.time else { return "" }
    let pass = FormToken(browserTag: visitor.tag, givenUp: exchange.givenUp, madeAt: time)
    return forms.seal(pass) ?? ""
  }

  private func link(_ action: Verdict.Action, _ exchange: Exchange) -> (label: String, href: String) {
    switch action {
    case .startAgain: ("Start again", exchange.home)
    case .goOn: ("Continue", settings.continueURL)
    }
  }

  /// - Returns: whether a line was written.
  private func record(
    _ verdict: Verdict, _ exchange: Exchange, _ failure: VerifierFailure?, _ details: Logger.Metadata
  ) -> Bool {
    guard verdict.severity >= log.logLevel, !exchange.isUnrecorded else { return false }
    var metadata = details
    metadata.reserveCapacity(details.count + 5)
    metadata["exchange"] = "\(exchange.name)"
    metadata["status"] = "\(verdict.status.code)"
    metadata["number"] = exchange.number.map { "\($0)" }
    metadata["request"] = exchange.pending.map { "\($0.attempt.requestID)" }
    if let failure {
      metadata["detail"] = "\(failure.detail)"
      metadata["provider_code"] = failure.providerCode.map { "\($0)" }
    }
    log.log(level: verdict.severity, "\(verdict.code)", metadata: metadata)
    return true
  }
}
