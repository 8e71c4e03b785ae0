internal import Flow
internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// Makes answers from outcomes.
extension Pages {
  /// The answer to a request that has ended.
  ///
  /// - Parameters:
  ///   - continueURL: where a verified visitor goes whose destination is unknown.
  ///   - showsDestination: whether to show a page with the way there, instead of a redirect.
  @inline(never)  // its locals would be kept by whoever waits
  func response(
    to conclusion: Conclusion, continueURL: String = "/", showsDestination: Bool = false
  ) -> Response {
    var response = answer(to: conclusion, continueURL, showsDestination).response(cookies: conclusion.cookies)
    response.fields[.vary] = "Accept"
    if conclusion.address == nil {
      if !conclusion.allow.isEmpty {
        response.fields[.allow] = conclusion.allow.map(\.rawValue).joined(separator: ", ")
      }
      if conclusion.row.status == .unauthorized { response.fields[.wwwAuthenticate] = "Bearer" }
      if let wait = conclusion.wait { response.fields[.retryAfter] = String(wait.wholeSeconds) }
    }
    response.afterwards = conclusion.afterwards
    return response
  }

  /// Makes the page of the most likely outcome before anything is done that must not remain without a page.
  func prepare(_ outcome: Outcome) {
    _ = page(variant(of: OutcomeRow(outcome).page, OutcomeArguments(), hasReference: false))
  }

  private func answer(to conclusion: Conclusion, _ continueURL: String, _ showsDestination: Bool) -> Answer {
    if let address = conclusion.address { return .redirect(to: address) }
    if let destination = conclusion.destination, conclusion.representation == .html, !showsDestination {
      return .redirect(to: destination)
    }
    if conclusion.representation == .json {
      return .json(status: conclusion.row.status, json(of: conclusion))
    }
    let row = conclusion.row
    let page = page(variant(of: row.page, conclusion.arguments, hasReference: !conclusion.reference.isEmpty))
    var fields = page.fields
    fields.reserveCapacity(fields.count + Self.mostOwnFields)
    if conclusion.isView { fields[.referrerPolicy] = PageHeaders.referrerPolicyOfViews }
    return .page(
      status: row.status, html: page.compiled.filled(with: texts(of: conclusion, continueURL)), fields: fields)
  }

  /// Room for `Vary`, the cookie, one of `Allow` and `Retry-After`, and the length.
  private static let mostOwnFields = 4

  private func variant(
    of page: OutcomeRow.Page, _ arguments: OutcomeArguments, hasReference: Bool
  ) -> PageVariant {
    switch page {
    case .userForm: .user(arguments.lostForm ? .news : nil)
    // Nothing was typed, so nothing can be wrong with it.
    case .numberForm(let notice) where arguments.ending != nil: .user(notice.kind == .field ? .trouble : notice.kind)
    case .numberForm(let notice):
      .number(notice.kind, hasCountries: notice.kind == .field && !arguments.served.isEmpty)
    case .choiceForm: .choice(max(1, min(arguments.choices.count, PageVariant.mostChoices)))
    case .callForm: .call
    case .challengeForm(let form, let notice):
      .challenge(
        form, arguments.challenge?.token.way == .widget ? .widget : .work, isAgain: notice.kind != .news,
        isGiven: arguments.ending != nil)
    case .lineForm(let form, _): .line(form, isGiven: arguments.ending != nil)
    case .pinForm(let notice):
      .pin(
        notice?.kind, arguments.pinForm?.channel ?? .text, takesMessages: arguments.pinForm?.takesMessages ?? true,
        makesCalls: arguments.pinForm?.makesCalls ?? true, isGiven: arguments.ending != nil)
    case .status(let severity, let key, _):
      .status(
        severity, paragraphs: words.page(key).paragraphs.count, hasReference: severity == .failure && hasReference)
    }
  }

  /// The number, as far as it may be shown.
  func number(_ arguments: OutcomeArguments) -> String {
    arguments.ending.map { words.text(.numberEnding, ("digits", $0)) } ?? arguments.number
  }

  func title(of conclusion: Conclusion) -> String {
    switch conclusion.row.page {
    case .numberForm, .userForm: words.text(.numberTitle)
    case .choiceForm: words.text(conclusion.arguments.choices.count > 1 ? .choicesTitle : .choiceTitle)
    case .callForm: words.text(.callTitle)
    case .challengeForm: words.text(.challengeTitle)
    case .lineForm: words.text(.lineTitle)
    case .pinForm: words.text(.pinTitle)
    case .status(_, let key, _): words.page(key).title
    }
  }

  private func texts(of conclusion: Conclusion, _ continueURL: String) -> PlaceholderTexts {
    let arguments = conclusion.arguments
    var texts = PlaceholderTexts()
    texts[.title] = title(of: conclusion)
    texts[.home] = conclusion.basePath
    texts[.number] = number(arguments)
    texts[.ending] = arguments.ending ?? ""
    texts[.referrerPolicy] = conclusion.isView ? PageHeaders.referrerPolicyOfViews : PageHeaders.referrerPolicy
    switch conclusion.row.page {
    case .numberForm(let notice):
      texts[.form] = arguments.formToken
      texts[.message] = MessageText(notice.key, arguments, wait: conclusion.wait, for: settings).whole
      texts[.countries] = words.served(arguments.served)
    case .userForm:
      texts[.entry] = arguments.entry
      texts[.message] = arguments.lostForm ? words.text(.lostForm) : ""
    case .choiceForm:
      let choices = arguments.choices.prefix(PageVariant.mostChoices)
      for (choice, placeholders) in zip(choices, Placeholder.choices) {
        (texts[placeholders.number], texts[placeholders.country]) = (choice.number, country(of: choice))
      }
      texts[.form] = arguments.formToken
      texts[.channel] = (arguments.channel ?? .text).rawValue
    case .callForm:
      texts[.form] = arguments.formToken
    case .challengeForm(let form, let notice), .lineForm(let form, let notice):
      setChallenge(&texts, arguments, form)
      texts[.message] = MessageText(notice.key, arguments, wait: conclusion.wait, for: settings).whole
    case .pinForm(let notice):
      setPINForm(&texts, arguments, isToldToWait: MessageText.namesWait(notice?.key, in: words))
      if let notice {
        let text = MessageText(notice.key, arguments, wait: conclusion.wait, for: settings)
        texts[.message] = text.main
        texts[.messageDetail] = text.detail
      }
    case .status(_, let key, let next):
      let paragraphs = words.page(key).paragraphs
      texts[.firstParagraph] = paragraphs.first ?? ""
      texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
      (texts[.actionLabel], texts[.actionHref]) =
        switch next {
        case .startAgain: (words.text(.startAgain), conclusion.basePath + conclusion.entryQuery)
        case .goOn: (words.text(.goOn), conclusion.destination ?? continueURL)
        }
      // So that a visitor who asks the owner for help can name the line in the log.
      texts[.reference] = conclusion.reference
    }
    return texts
  }

  /// - Parameter isToldToWait: whether the page's message says how long to wait: then no other time is shown beside it.
  private func setPINForm(_ texts: inout PlaceholderTexts, _ arguments: OutcomeArguments, isToldToWait: Bool) {
    guard let form = arguments.pinForm else { return }
    texts[.requestId] = form.token
    texts[.pinLength] = words.length(form.codeLength)
    texts[.lifetime] = words.lifetime(form.lifetime, by: form.channel)
    guard !isToldToWait else { return }
    texts[.again] = words.again(form.next, by: form.channel)
    if case .after(let wait) = form.next { texts[.againSeconds] = "\(wait.wholeSeconds)" }
  }

  /// What is sent again once the challenge is passed.
  private func setChallenge(_ texts: inout PlaceholderTexts, _ arguments: OutcomeArguments, _ form: Outcome.Form) {
    guard let challenge = arguments.challenge else { return }
    let channel = arguments.channel ?? .text
    texts[.challenge] = challenge.text
    if let puzzle = challenge.token.puzzle { (texts[.parts], texts[.bits]) = ("\(puzzle.parts)", "\(puzzle.bits)") }
    switch form {
    case .number:
      texts[.action] = "register"
      texts[.channel] = channel.rawValue
      texts[.form] = arguments.formToken
    case .pin:
      texts[.action] = channel == .call ? "call" : "resend"
      texts[.requestId] = arguments.pinForm?.token ?? ""
    }
  }

  private func country(of choice: OutcomeArguments.Choice) -> String {
    let name = words.countries.alone(choice.country)
    return choice.line == .landline ? words.text(.landline, ("country", name)) : name
  }
}
