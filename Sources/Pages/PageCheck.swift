internal import Flow

/// Finds what a rendered page lacks to do its work.
enum PageCheck {
  /// - Parameter rendered: a rendered page, with the markers of placeholders in it.
  /// - Returns: what is missing, and the text in the template that it should be near.
  static func faults(of rendered: String, variant: PageVariant) -> [(advice: String, near: String)] {
    let markup = Markup(rendered)
    var faults = unquotedPlaceholders(in: rendered)
    if InlineScripts(in: rendered).havePlaceholders {
      faults.append(
        ("a script must be the same in every answer: put “{{…}}” into an attribute, and read that", "<script"))
    }
    switch variant {
    case .number(let message, let hasCountries, _):
      faults += hasCountries ? shows(.countries, named: "countries", rendered) : []
      faults += form(markup, action: "register", fields: ["number"])
      faults += message.map { shows(.message, named: $0.variable, rendered) } ?? []
    case .user(let message):
      faults += form(markup, action: "register", fields: [])
      faults += shows(.ending, named: "ending", rendered)
      faults += message.map { shows(.message, named: $0.variable, rendered) } ?? []
    case .entry(let lostForm):
      faults += form(markup, action: "register", fields: ["number"])
      faults += lostForm ? shows(.message, named: "news", rendered) : []
    case .pin(let message, _, _, _, _):
      faults += form(markup, action: "verify", fields: ["pin", "requestId"])
      faults += form(markup, action: "resend", fields: ["requestId"])
      for action in ["verify", "resend"] {
        if let fields = markup.fields(ofFormFor: action), !fields.contains(where: isPendingToken) {
          faults.append(("the field “requestId” must be hidden and have the value “{{requestId}}”", "requestId"))
        }
      }
      faults += shows(.number, named: "number", rendered)
      faults += shows(.again, named: "again", rendered)
      faults += message == .field ? shows(.messageDetail, named: "fieldErrorDetail", rendered) : []
      faults += message.map { shows(.message, named: $0.variable, rendered) } ?? []
    case .call:
      faults += form(markup, action: "register", fields: ["number", "channel"])
      faults += shows(.number, named: "number", rendered)
    case .choice(let count):
      faults += form(markup, action: "register", fields: ["channel", "confirmed"])
      let fields = markup.fields(ofFormFor: "register") ?? []
      let buttons = Placeholder.choices.prefix(count).allSatisfy { choice in
        fields.contains { $0.attributes["name"] == "number" && $0.attributes["value"] == choice.number.marker }
      }
      if !buttons {
        faults.append(("each choice must be a button with name=\"number\" and value=\"{{choice}}\"", "<button"))
      }
    case .challenge(let form, let ask, _, let isGiven):
      faults += challenge(markup, form, isGiven: isGiven, more: ask == .work ? ["solution"] : [], rendered)
    case .line(let form, let isGiven): faults += challenge(markup, form, isGiven: isGiven, rendered)
    case .status(_, let paragraphs, _):
      faults += shows(.title, named: "title", rendered)
      faults += shows(.firstParagraph, named: "paragraphs", rendered)
      faults += paragraphs > 1 ? shows(.secondParagraph, named: "paragraphs", rendered) : []
      if !markup.tags.contains(where: { $0.name == "a" && $0.attributes["href"] == Placeholder.actionHref.marker }) {
        faults.append(("there is no link to “{{actionHref}}”, the way on", "<a"))
      }
    }
    return faults
  }

  private static func challenge(
    _ markup: Markup, _ asked: Outcome.Form, isGiven: Bool, more: [String] = [], _ rendered: String
  ) -> [(String, String)] {
    let of: [String] =
      switch asked {
      case .number: isGiven ? ["form"] : ["form", "number", "channel", "confirmed"]
      case .pin: ["requestId"]
      }
    guard markup.fields(ofFormFor: Placeholder.action.marker) != nil else {
      return [("there is no form with method=\"post\" and action=\"{{action}}\"", "<form")]
    }
    return form(markup, action: Placeholder.action.marker, fields: ["challenge"] + of + more)
      + shows(.message, named: "message", rendered)
  }

  private static func form(_ markup: Markup, action: String, fields names: [String]) -> [(String, String)] {
    guard let fields = markup.fields(ofFormFor: action) else {
      return [("there is no form with method=\"post\" and action=\"\(action)\"", "<form")]
    }
    return names.filter { name in
      !fields.contains { $0.name == "input" && $0.attributes["name"] == name }
    }.map { ("the form has no field with name=\"\($0)\"", "<form") }
  }

  private static func isPendingToken(_ tag: Markup.Tag) -> Bool {
    tag.attributes["name"] == "requestId" && tag.attributes["type"]?.lowercased() == "hidden"
      && tag.attributes["value"] == Placeholder.requestId.marker
  }

  private static func shows(_ placeholder: Placeholder, named name: String, _ rendered: String) -> [(String, String)] {
    rendered.contains(placeholder.marker) ? [] : [("it does not show “{{\(name)}}”", name)]
  }

  /// A visitor's text in an unquoted attribute could end it with a space and begin another one.
  private static func unquotedPlaceholders(in rendered: String) -> [(String, String)] {
    let scalars = Array(rendered.unicodeScalars)
    let isUnquoted = zip(scalars, scalars.dropFirst()).contains { $0 == "=" && $1 == Placeholder.opening }
    return isUnquoted ? [("put quotes around the value of this attribute", "={{")] : []
  }
}
