internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Verification

/// Makes the one answer and the one line of the log out of an ending: nothing else turns a failure into a response.
final class Answers: Sendable {
  private let pages: Pages
  private let settings: SiteSettings
  private let forms: FormSeal?
  private let log: Logger

  /// - Parameter forms: seals what number forms carry; nil where none is shown.
  init(pages: Pages, settings: SiteSettings, forms: FormSeal?, log: Logger) {
    self.pages = pages
    self.settings = settings
    self.forms = forms
    self.log = log
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
    record(verdict, exchange, failure, details)

    let wait = verdict.retryAfter.map { Self.wait($0, exchange, failure) }
    let (shape, texts) = content(verdict, exchange, wait: wait)
    let page = pages.page(shape)
    var fields = page.fields
    fields.reserveCapacity(fields.count + Self.mostOwnFields)
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
    switch verdict.words {
    case .numberForm(let message):
      texts[.title] = Pages.numberTitle
      texts[.form] = form(exchange)
      texts[.message] = text(message, exchange, wait)
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
      texts[.channel] = exchange.channel.rawValue
      return (shape, texts)
    case .callForm:
      texts[.title] = Pages.callTitle
      texts[.form] = form(exchange)
      return (.call, texts)
    case .pinForm(let message):
      texts[.title] = Pages.pinTitle
      texts[.requestId] = exchange.token
      texts[.lifetime] = exchange.lifetime?.words ?? ""
      texts[.again] = exchange.again
      texts[.againSeconds] = exchange.againSeconds.map { "\($0)" } ?? ""
      texts[.message] = message.map { text($0, exchange, wait) } ?? ""
      return (.pin(message?.kind, exchange.pending?.attempt.channel ?? .text), texts)
    case .page(let tone, let title, let paragraphs, let action):
      texts[.title] = title
      texts[.firstParagraph] = paragraphs[0]
      texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
      (texts[.actionLabel], texts[.actionHref]) = link(action, exchange)
      // A visitor who asks the owner for help can name the line in the log.
      texts[.reference] = exchange.name
      return (.status(tone, paragraphs: paragraphs.count), texts)
    }
  }

  /// A message with what only this exchange knows put in.
  private func text(_ message: Message, _ exchange: Exchange, _ wait: Duration?) -> String {
    guard message.text.utf8.contains(UInt8(ascii: "{")) else { return message.text }
    return message.text
      .replacing("{wait}", with: wait.map { WaitWords.text($0) } ?? "a while")
      .replacing("{owner}", with: exchange.owner)
      .replacing(" {left}", with: Self.words(triesLeft: exchange.triesLeft))
  }

  /// Nothing where an owner has raised the limits beyond what the provider admits: then we do not know.
  private static func words(triesLeft: Int?) -> String {
    switch triesLeft {
    case nil, .some(6...): ""
    case .some(..<1): " That was the last try for now."
    case .some(1): " You have 1 try left."
    case .some(let left): " You have \(left) tries left."
    }
  }

  /// What the hidden field of a number form carries. One that cannot be sealed is left empty, and guards nothing.
  private func form(_ exchange: Exchange) -> String {
    guard let forms, let visitor = exchange.visitor, let time = exchange.time else { return "" }
    let pass = FormPass(browserTag: visitor.tag, givenUp: exchange.givenUp, madeAt: time)
    return (try? forms.seal(pass)) ?? ""
  }

  private func link(_ action: Verdict.Action, _ exchange: Exchange) -> (label: String, href: String) {
    switch action {
    case .startAgain: ("Start again", exchange.home)
    case .goOn: ("Continue", settings.continueURL)
    }
  }

  private func record(
    _ verdict: Verdict, _ exchange: Exchange, _ failure: VerifierFailure?, _ details: Logger.Metadata
  ) {
    guard verdict.severity >= log.logLevel else { return }
    var metadata = details
    metadata.reserveCapacity(details.count + 5)
    metadata["exchange"] = "\(exchange.name)"
    metadata["status"] = "\(verdict.status.code)"
    metadata["number"] = exchange.number.map { "\($0)" }
    metadata["request"] = exchange.pending.map { "\($0.attempt.requestID)" }
    if let failure { metadata["detail"] = "\(failure.detail)" }
    log.log(level: verdict.severity, "\(verdict.code)", metadata: metadata)
  }
}
