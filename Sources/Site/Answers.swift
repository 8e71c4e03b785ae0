internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Verification

/// Makes the one answer and the one line of the log out of an ending: nothing else turns a failure into a response.
struct Answers: Sendable {
  private let pages: Pages
  private let settings: SiteSettings
  private let log: Logger
  private let fields: HTTPFields

  init(pages: Pages, settings: SiteSettings, log: Logger) {
    self.pages = pages
    self.settings = settings
    self.log = log
    fields = PageHeaders.fields(accentStyle: pages.accentStyle)
  }

  /// - Parameters:
  ///   - failure: what the provider's failure was, for the log and for the time to wait.
  ///   - allow: the methods that the route has, for the answer to one that it has not.
  ///   - details: more for the log.
  func answer(
    _ ending: Ending, to exchange: Exchange, failure: VerifierFailure? = nil, allow: [HTTPRequest.Method] = [],
    details: Logger.Metadata = [:]
  ) -> Response {
    let verdict = Verdict(ending)
    record(verdict, exchange, failure, details)

    var fields = fields
    if !allow.isEmpty {
      fields[.allow] = allow.map(\.rawValue).joined(separator: ", ")
    }
    if let wait = verdict.retryAfter {
      // A provider that asks for days would only keep the visitor away from a site that works again.
      let seconds = (failure?.retryAfter ?? wait).components.seconds
      fields[.retryAfter] = String(min(max(1, seconds), 3600))
    }
    return Response(status: verdict.status, fields: fields, body: page(verdict, exchange))
  }

  private func page(_ verdict: Verdict, _ exchange: Exchange) -> [UInt8] {
    var texts = HoleTexts()
    texts[.home] = exchange.home
    switch verdict.words {
    case .numberForm(let message):
      texts[.title] = Pages.numberTitle
      texts[.number] = exchange.typedNumber
      texts[.message] = message.text
      return pages.page(.number(message.kind), texts)
    case .pinForm(let message):
      texts[.title] = Pages.pinTitle
      texts[.number] = exchange.typedNumber
      texts[.requestId] = exchange.token
      texts[.lifetime] = exchange.lifetime?.words ?? ""
      texts[.message] = message?.text ?? ""
      return pages.page(.pin(message?.kind), texts)
    case .page(let tone, let title, let paragraphs, let action):
      texts[.title] = title
      texts[.firstParagraph] = paragraphs[0]
      texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
      (texts[.actionLabel], texts[.actionHref]) = link(action, exchange)
      // A visitor who asks the owner for help can name the line in the log.
      texts[.reference] = exchange.name
      return pages.page(.status(tone, paragraphs: paragraphs.count), texts)
    }
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
    metadata["exchange"] = "\(exchange.name)"
    metadata["status"] = "\(verdict.status.code)"
    metadata["number"] = exchange.number.map { "\($0)" }
    metadata["request"] = exchange.pending.map { "\($0.attempt.requestID)" }
    metadata["detail"] = failure.map { "\($0.detail)" }
    log.log(level: verdict.severity, "\(verdict.code)", metadata: metadata)
  }
}
