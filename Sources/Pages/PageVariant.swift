internal import Flow
internal import Verification

/// The ways in which a page's structure can differ: one compiled page each. Everything else about a page is text.
enum PageVariant: Hashable, Sendable {
  case number(OutcomeRow.Notice.Kind?, hasCountries: Bool = false)
  /// - Parameter takesMessages: whether the number of a call gets text messages too.
  case pin(OutcomeRow.Notice.Kind?, Channel, takesMessages: Bool = true)
  /// The offer of a call.
  case call
  /// The question which number is meant, with so many answers.
  case choice(Int)
  /// - Parameter hasReference: whether the owner can find it in the log.
  case status(OutcomeRow.PageSeverity, paragraphs: Int, hasReference: Bool = false)

  static let all: [PageVariant] =
    [.call, .number(.field, hasCountries: true)] + (1...mostChoices).map { .choice($0) }
    + ([nil] + OutcomeRow.Notice.Kind.allCases).flatMap {
      [.number($0), .pin($0, .text), .pin($0, .call), .pin($0, .call, takesMessages: false)]
    }
    + OutcomeRow.PageSeverity.allCases.flatMap { [.status($0, paragraphs: 1), .status($0, paragraphs: 2)] }
    + [1, 2].map { .status(.failure, paragraphs: $0, hasReference: true) }

  /// A number as it was typed, without its doubled code, and in the home country.
  static let mostChoices = Placeholder.choices.count

  var template: TemplateName {
    switch self {
    case .number: .number
    case .pin: .pin
    case .call: .call
    case .choice: .choice
    case .status: .status
    }
  }

  /// What the template sees: names as they stand in it, and for texts the markers of placeholders.
  func context(for brand: Brand, in words: Catalogue) -> [String: Any] {
    var context: [String: Any] = [
      "lang": words.language, "home": Placeholder.home.marker, "title": Placeholder.title.marker,
      "referrerPolicy": Placeholder.referrerPolicy.marker,
    ]
    context["brand"] = brand.name.isEmpty ? nil : Placeholder.brand.marker
    context["logo"] = brand.logoPath.map { _ in Placeholder.logo.marker }
    context["hasMasthead"] = !brand.name.isEmpty || brand.logoPath != nil
    context["accentStyle"] = brand.accentStyle
    switch self {
    case .number(let kind, let hasCountries):
      context["countries"] = hasCountries ? Placeholder.countries.marker : nil
      context["number"] = Placeholder.number.marker
      // The first form is a static file, the same for everybody.
      context["form"] = kind.map { _ in Placeholder.form.marker }
      add(kind, to: &context)
    case .call:
      context["number"] = Placeholder.number.marker
      context["form"] = Placeholder.form.marker
    case .choice(let count):
      context["number"] = Placeholder.number.marker
      context["form"] = Placeholder.form.marker
      context["channel"] = Placeholder.channel.marker
      context["choices"] = Placeholder.choices.prefix(count).map { choice in
        ["choice": choice.number.marker, "country": choice.country.marker]
      }
    case .pin(let kind, let channel, let takesMessages):
      context["number"] = Placeholder.number.marker
      context["isCall"] = channel == .call
      context["isLandline"] = !takesMessages
      context["fieldErrorDetail"] = kind == .field ? Placeholder.messageDetail.marker : nil
      context["again"] = Placeholder.again.marker
      context["againSeconds"] = Placeholder.againSeconds.marker
      context["againAfter"] = words.againAfter(by: channel)
      context["againNow"] = words.againNow(by: channel)
      context["countdownUnits"] = words.countdownUnits
      context["lifetime"] = Placeholder.lifetime.marker
      context["requestId"] = Placeholder.requestId.marker
      add(kind, to: &context)
    case .status(let severity, let paragraphs, let hasReference):
      context[severity.variable] = true
      context["paragraphs"] = [Placeholder.firstParagraph.marker, Placeholder.secondParagraph.marker].prefix(paragraphs)
        .map(\.self)
      context["actionLabel"] = Placeholder.actionLabel.marker
      context["actionHref"] = Placeholder.actionHref.marker
      context["reference"] = hasReference ? Placeholder.reference.marker : nil
      context["isError"] = severity != .success
    }
    return context
  }

  private func add(_ kind: OutcomeRow.Notice.Kind?, to context: inout [String: Any]) {
    guard let kind else { return }
    context[kind.variable] = Placeholder.message.marker
    context["isError"] = kind != .news
  }
}

extension OutcomeRow.Notice.Kind {
  /// Under which name a template shows it.
  var variable: String {
    switch self {
    case .field: "fieldError"
    case .trouble: "trouble"
    case .news: "news"
    }
  }
}

extension OutcomeRow.PageSeverity {
  /// By which name a template tells it.
  var variable: String {
    switch self {
    case .success: "isSuccess"
    case .attention: "isAttention"
    case .failure: "isFailure"
    }
  }
}
