internal import Flow
internal import Verification

/// The ways in which a page's structure can differ, with a compiled page for each. Everything else about a page is text.
enum PageVariant: Hashable, Sendable {
  /// - Parameter isTimed: whether it tells when it was shown.
  case number(OutcomeRow.Notice.Kind?, hasCountries: Bool = false, isTimed: Bool = false)
  /// The form for a user whose number the site has; it has no field for the number.
  case user(OutcomeRow.Notice.Kind?)
  /// - Parameters:
  ///   - takesMessages: whether a number that is called can also get text messages.
  ///   - makesCalls: whether the provider makes calls.
  ///   - isGiven: whether the site has the number, so that the visitor can name no other.
  case pin(
    OutcomeRow.Notice.Kind?, Channel, takesMessages: Bool = true, makesCalls: Bool = true, isGiven: Bool = false)
  /// The first form for a visitor whom the gate sent.
  case entry(lostForm: Bool)
  /// The offer of a call.
  case call
  /// The question of which number is meant, with this many answers.
  case choice(Int)
  /// What is asked for before the requested message is sent.
  ///
  /// - Parameter isAgain: whether it was asked for before.
  case challenge(Outcome.Form, Ask, isAgain: Bool = false, isGiven: Bool = false)
  /// The visitor's place in line.
  case line(Outcome.Form, isGiven: Bool = false)
  /// - Parameter hasReference: whether the owner can find it in the log.
  case status(OutcomeRow.PageSeverity, paragraphs: Int, hasReference: Bool = false)

  /// What a visitor is asked for.
  enum Ask: Sendable, Hashable, CaseIterable {
    case work, widget
  }

  static let all: [PageVariant] =
    [
      .call, .number(.field, hasCountries: true), .number(nil, isTimed: true), .entry(lostForm: false),
      .entry(lostForm: true),
    ]
    + (1...mostChoices).map { .choice($0) }
    + ([nil] + OutcomeRow.Notice.Kind.allCases).flatMap {
      [.number($0)]
    } + [.user(nil), .user(.trouble), .user(.news)]
    + ([nil] + OutcomeRow.Notice.Kind.allCases).flatMap { kind in
      [false, true].flatMap { isGiven in
        [false, true].flatMap { makesCalls in
          [
            .pin(kind, .text, makesCalls: makesCalls, isGiven: isGiven),
            .pin(kind, .call, makesCalls: makesCalls, isGiven: isGiven),
            .pin(kind, .call, takesMessages: false, makesCalls: makesCalls, isGiven: isGiven),
          ]
        }
      }
    }
    + Outcome.Form.allCases.flatMap { form in
      [false, true].flatMap { isGiven in
        [.line(form, isGiven: isGiven)]
          + Ask.allCases.flatMap { ask in
            [false, true].map { .challenge(form, ask, isAgain: $0, isGiven: isGiven) }
          }
      }
    }
    + OutcomeRow.PageSeverity.allCases.flatMap { [.status($0, paragraphs: 1), .status($0, paragraphs: 2)] }
    + [1, 2].map { .status(.failure, paragraphs: $0, hasReference: true) }

  /// The most numbers that can be meant: the number as typed, without its doubled code, and in the home country.
  static let mostChoices = Placeholder.choices.count

  var template: TemplateName {
    switch self {
    case .user: .user
    case .number, .entry: .number
    case .pin: .pin
    case .call: .call
    case .choice: .choice
    case .challenge: .challenge
    case .line: .line
    case .status: .status
    }
  }

  /// What the template sees: values by the names in it, with markers of placeholders for texts.
  func values(for settings: PageSettings) -> [String: TemplateValue] {
    let (brand, words) = (settings.brand, settings.words)
    var values: [String: TemplateValue] = [
      "lang": .text(words.language), "home": .text(Placeholder.home.marker), "title": .text(Placeholder.title.marker),
      "referrerPolicy": .text(Placeholder.referrerPolicy.marker),
    ]
    values["brand"] = brand.name.isEmpty ? nil : .text(Placeholder.brand.marker)
    values["logo"] = brand.logoPath.map { _ in .text(Placeholder.logo.marker) }
    values["hasMasthead"] = .flag(!brand.name.isEmpty || brand.logoPath != nil)
    values["accentStyle"] = brand.accentStyle.map { .text($0) }
    switch self {
    case .number(let kind, let hasCountries, let isTimed):
      values["example"] = .text(settings.exampleNumber)
      values["countries"] = hasCountries ? .text(Placeholder.countries.marker) : nil
      values["number"] = .text(Placeholder.number.marker)
      // The first form is a static file, the same for everybody.
      values["form"] = kind.map { _ in .text(Placeholder.form.marker) }
      values["shown"] = isTimed ? .text(Placeholder.shown.marker) : nil
      add(kind, to: &values)
    case .entry(let lostForm):
      values["example"] = .text(settings.exampleNumber)
      values["number"] = .text(Placeholder.number.marker)
      values["shown"] = .text(Placeholder.shown.marker)
      values["entry"] = .text(Placeholder.entry.marker)
      if lostForm { add(.news, to: &values) }
    case .call:
      values["number"] = .text(Placeholder.number.marker)
      values["form"] = .text(Placeholder.form.marker)
    case .choice(let count):
      values["number"] = .text(Placeholder.number.marker)
      values["form"] = .text(Placeholder.form.marker)
      values["channel"] = .text(Placeholder.channel.marker)
      values["choices"] = .list(
        Placeholder.choices.prefix(count).map { choice in
          .record(["choice": .text(choice.number.marker), "country": .text(choice.country.marker)])
        })
    case .user(let kind):
      values["ending"] = .text(Placeholder.ending.marker)
      values["entry"] = .text(Placeholder.entry.marker)
      // The first form contains nothing that a browser could use up.
      values["form"] = kind.map { _ in .text(Placeholder.form.marker) }
      add(kind, to: &values)
    case .pin(let kind, let channel, let takesMessages, let makesCalls, let isGiven):
      values["isGiven"] = .flag(isGiven)
      values["number"] = .text(Placeholder.number.marker)
      values["isCall"] = .flag(channel == .call)
      values["isLandline"] = .flag(!takesMessages)
      values["makesCalls"] = .flag(makesCalls)
      values["pinLength"] = .text(Placeholder.pinLength.marker)
      values["fieldErrorDetail"] = kind == .field ? .text(Placeholder.messageDetail.marker) : nil
      values["again"] = .text(Placeholder.again.marker)
      values["againSeconds"] = .text(Placeholder.againSeconds.marker)
      values["againAfter"] = .text(words.againAfter(by: channel))
      values["againNow"] = .text(words.againNow(by: channel))
      values["countdownUnits"] = .text(words.countdownUnits)
      values["lifetime"] = .text(Placeholder.lifetime.marker)
      values["requestId"] = .text(Placeholder.requestId.marker)
      values["remember"] = settings.remember.map { .text($0) }
      add(kind, to: &values)
    case .challenge(let form, let ask, let isAgain, let isGiven):
      add(form, isGiven: isGiven, to: &values)
      values["isAgain"] = .flag(isAgain)
      values["isError"] = .flag(isAgain)
      switch ask {
      case .work:
        values["isWork"] = .flag(true)
        values["parts"] = .text(Placeholder.parts.marker)
        values["bits"] = .text(Placeholder.bits.marker)
        values["workProgress"] = .text(words.text(.workProgress))
        values["workDone"] = .text(words.text(.workDone))
      case .widget:
        values["isWidget"] = .flag(true)
        values["widgetClass"] = .text(settings.widget?.kind.className ?? "")
        values["widgetScript"] = .text(settings.widget?.script ?? "")
        values["siteKey"] = .text(settings.widget?.siteKey ?? "")
      }
    case .line(let form, let isGiven): add(form, isGiven: isGiven, to: &values)
    case .status(let severity, let paragraphs, let hasReference):
      values[severity.variable] = .flag(true)
      values["paragraphs"] = .list(
        [Placeholder.firstParagraph, .secondParagraph].prefix(paragraphs).map { .text($0.marker) })
      values["actionLabel"] = .text(Placeholder.actionLabel.marker)
      values["actionHref"] = .text(Placeholder.actionHref.marker)
      values["reference"] = hasReference ? .text(Placeholder.reference.marker) : nil
      values["isError"] = .flag(severity != .success)
    }
    return values
  }

  /// The third party's widget, on pages that have it.
  func widget(_ widget: ChallengeWidget?) -> ChallengeWidget? {
    if case .challenge(_, .widget, _, _) = self { widget } else { nil }
  }

  /// What is sent again once the challenge is passed.
  private func add(_ form: Outcome.Form, isGiven: Bool, to values: inout [String: TemplateValue]) {
    values["action"] = .text(Placeholder.action.marker)
    values["challenge"] = .text(Placeholder.challenge.marker)
    values["message"] = .text(Placeholder.message.marker)
    switch form {
    case .number:
      values["form"] = .text(Placeholder.form.marker)
      values["channel"] = .text(Placeholder.channel.marker)
      values["number"] = isGiven ? nil : .text(Placeholder.number.marker)
    case .pin:
      values["isSecond"] = .flag(true)
      values["requestId"] = .text(Placeholder.requestId.marker)
    }
  }

  private func add(_ kind: OutcomeRow.Notice.Kind?, to values: inout [String: TemplateValue]) {
    guard let kind else { return }
    values[kind.variable] = .text(Placeholder.message.marker)
    values["isError"] = .flag(kind != .news)
  }
}

extension OutcomeRow.Notice.Kind {
  /// The name by which a template shows it.
  var variable: String {
    switch self {
    case .field: "fieldError"
    case .trouble: "trouble"
    case .news: "news"
    }
  }
}

extension OutcomeRow.PageSeverity {
  /// The name by which a template tests for it.
  var variable: String {
    switch self {
    case .success: "isSuccess"
    case .attention: "isAttention"
    case .failure: "isFailure"
    }
  }
}
