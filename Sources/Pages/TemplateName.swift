/// The templates that pages are made from.
enum TemplateName: String, CaseIterable, Sendable {
  case layout, number, user, pin, call, choice, challenge, line, status

  var fileName: String { rawValue + ".mustache" }

  /// The names that it may use, besides those of words (`LabelKey`). Any other name is a typo, which Mustache itself would render as
  /// nothing.
  var variables: Set<String> {
    let form: Set<String> = ["number", "fieldError", "trouble", "news"]
    let everywhere: Set<String> = [
      "accentStyle", "brand", "hasMasthead", "home", "isError", "lang", "logo", "referrerPolicy", "title",
    ]
    let challenged: Set<String> = [
      "action", "challenge", "channel", "form", "isCall", "isSecond", "message", "number", "requestId",
    ]
    return switch self {
    case .layout: everywhere
    case .number: everywhere.union(form).union(["countries", "entry", "example", "form", "shown"])
    case .user: everywhere.union(["ending", "entry", "form", "news", "trouble"])
    case .pin:
      everywhere.union(form).union([
        "again", "againAfter", "againNow", "againSeconds", "countdownUnits", "fieldErrorDetail", "isCall", "isGiven",
        "isLandline", "lifetime", "makesCalls", "pinLength", "remember", "requestId",
      ])
    case .call: everywhere.union(["form", "number"])
    case .choice: everywhere.union(["channel", "choice", "choices", "country", "form", "number"])
    case .challenge:
      everywhere.union(challenged).union([
        "bits", "isAgain", "isWidget", "isWork", "parts", "siteKey", "widgetClass", "widgetScript", "workDone",
        "workProgress",
      ])
    case .line: everywhere.union(challenged)
    case .status:
      everywhere.union([
        "isSuccess", "isAttention", "isFailure", "paragraphs", ".", "actionLabel", "actionHref", "reference",
      ])
    }
  }

  /// The template that is built into the program.
  var builtIn: [UInt8] {
    switch self {
    case .layout: PackageResources.layout_mustache
    case .number: PackageResources.number_mustache
    case .user: PackageResources.user_mustache
    case .pin: PackageResources.pin_mustache
    case .call: PackageResources.call_mustache
    case .choice: PackageResources.choice_mustache
    case .challenge: PackageResources.challenge_mustache
    case .line: PackageResources.line_mustache
    case .status: PackageResources.status_mustache
    }
  }
}
