internal import Verification

/// The ways in which a page's structure can differ: one skeleton each. Everything else about a page is text.
enum PageShape: Hashable, Sendable {
  case number(Message.Kind?, hasCountries: Bool = false)
  /// - Parameter takesMessages: whether the number of a call gets text messages too.
  case pin(Message.Kind?, Channel, takesMessages: Bool = true)
  /// The offer of a call.
  case call
  /// The question which number is meant, with so many answers.
  case choice(Int)
  /// - Parameter hasReference: whether the owner can find it in the log.
  case status(Tone, paragraphs: Int, hasReference: Bool = false)

  static let all: [PageShape] =
    [.call, .number(.field, hasCountries: true)] + (1...mostChoices).map { .choice($0) }
    + ([nil] + Message.Kind.allCases).flatMap {
      [.number($0), .pin($0, .text), .pin($0, .call), .pin($0, .call, takesMessages: false)]
    }
    + Tone.allCases.flatMap { [.status($0, paragraphs: 1), .status($0, paragraphs: 2)] }
    + [1, 2].map { .status(.failure, paragraphs: $0, hasReference: true) }

  /// A number as it was typed, without its doubled code, and in the home country.
  static let mostChoices = Hole.choices.count

  var template: TemplateName {
    switch self {
    case .number: .number
    case .pin: .pin
    case .call: .call
    case .choice: .choice
    case .status: .status
    }
  }

  /// What the template sees: names as they stand in it, and for texts the markers of holes.
  func context(for brand: Brand) -> [String: Any] {
    var context: [String: Any] = [
      "home": Hole.home.marker, "title": Hole.title.marker, "referrerPolicy": Hole.referrerPolicy.marker,
    ]
    context["brand"] = brand.name.isEmpty ? nil : Hole.brand.marker
    context["logo"] = brand.logoPath.map { _ in Hole.logo.marker }
    context["hasMasthead"] = !brand.name.isEmpty || brand.logoPath != nil
    context["accentStyle"] = brand.accentStyle
    switch self {
    case .number(let kind, let hasCountries):
      context["countries"] = hasCountries ? Hole.countries.marker : nil
      context["number"] = Hole.number.marker
      // The first form is a static file, the same for everybody.
      context["form"] = kind.map { _ in Hole.form.marker }
      add(kind, to: &context)
    case .call:
      context["number"] = Hole.number.marker
      context["form"] = Hole.form.marker
    case .choice(let count):
      context["number"] = Hole.number.marker
      context["form"] = Hole.form.marker
      context["channel"] = Hole.channel.marker
      context["choices"] = Hole.choices.prefix(count).map { choice in
        ["choice": choice.number.marker, "country": choice.country.marker]
      }
    case .pin(let kind, let channel, let takesMessages):
      context["number"] = Hole.number.marker
      context["isCall"] = channel == .call
      context["isLandline"] = !takesMessages
      context["fieldErrorDetail"] = kind == .field ? Hole.messageDetail.marker : nil
      context["again"] = Hole.again.marker
      context["againSeconds"] = Hole.againSeconds.marker
      context["lifetime"] = Hole.lifetime.marker
      context["requestId"] = Hole.requestId.marker
      add(kind, to: &context)
    case .status(let tone, let paragraphs, let hasReference):
      context[tone.rawValue] = true
      context["paragraphs"] = [Hole.firstParagraph.marker, Hole.secondParagraph.marker].prefix(paragraphs).map(\.self)
      context["actionLabel"] = Hole.actionLabel.marker
      context["actionHref"] = Hole.actionHref.marker
      context["reference"] = hasReference ? Hole.reference.marker : nil
      context["isError"] = tone != .success
    }
    return context
  }

  private func add(_ kind: Message.Kind?, to context: inout [String: Any]) {
    guard let kind else { return }
    context[kind.rawValue] = Hole.message.marker
    context["isError"] = kind != .news
  }
}
