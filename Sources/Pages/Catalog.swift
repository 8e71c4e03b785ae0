internal import Encoding
internal import Flow
internal import Gate
internal import Verification

/// Everything that a visitor reads, in one language, by key, with arguments and plurals: the only place with words. The words of
/// the `EmergencyPage` stand in the same file as the language's catalog; they are constants, because that page is made without memory.
///
/// A text can have arguments in braces: `{wait}` for the time to wait, `{owner}` for the country that the number belongs to, and
/// others that depend on its key. Of `{about a message|about a call}` only one is shown: the first for text messages and the
/// second for calls (`MessageText`). A text that counts has a form for each of the language's plural categories.
struct Catalog: Sendable {
  /// The language as a tag (BCP 47), as `lang` has it.
  let language: String
  /// The plural category of a whole number (Unicode CLDR, "Language Plural Rules").
  let category: @Sendable (Int64) -> PluralCategory
  /// The words of each message: one text, or a page's title and paragraphs.
  let messages: [MessageKey: [String]]
  let texts: [TextKey: String]
  /// The words in the templates.
  let labels: [LabelKey: String]
  /// What the gate itself says.
  let gate: [GateText: String]
  let plurals: [PluralKey: [PluralCategory: String]]
  let countries: CountryNames

  /// The categories of plural forms (CLDR); each language has some of them, and `other` always.
  enum PluralCategory: String, Sendable, Hashable, CaseIterable {
    case zero, one, two, few, many, other
  }

  /// The text of a page's notice; the tests make sure that every key has one.
  func notice(_ key: MessageKey) -> String { messages[key]?.first ?? key.rawValue }

  /// A page's title, and its one or two paragraphs.
  func page(_ key: MessageKey) -> (title: String, paragraphs: [String]) {
    let texts = messages[key] ?? [key.rawValue]
    return (texts[0], Array(texts.dropFirst()))
  }

  func text(_ key: TextKey, _ arguments: (name: String, value: String)...) -> String {
    Self.filled(texts[key] ?? key.rawValue, arguments)
  }

  /// A text in the plural form for a number, with the number in it.
  ///
  /// - Parameter shown: what to show instead of the number alone.
  func counted(_ key: PluralKey, _ number: Int64, shown: String? = nil) -> String {
    let forms = plurals[key] ?? [:]
    return Self.filled(forms[category(number)] ?? forms[.other] ?? key.rawValue, [("n", shown ?? "\(number)")])
  }

  /// The words that a template calls by a name like `words.pin.label`, as a template of their own; nil for any other name.
  ///
  /// Each argument is a block, so that the template which uses the words can put markup around it. By default it is the page's
  /// variable of that name.
  func template(_ name: String) -> Template? {
    guard let key = LabelKey(templateName: name), let text = labels[key] else { return nil }
    return Template(label: text)
  }

  private static func filled(_ text: String, _ arguments: [(name: String, value: String)]) -> String {
    arguments.reduce(text) { $0.filling("{\($1.name)}", with: $1.value) }
  }
}

/// A text that is neither a notice nor a page of its own.
enum TextKey: String, Sendable, Hashable, CaseIterable {
  // Titles of pages with a form.
  case numberTitle = "title.number"
  case pinTitle = "title.pin"
  case callTitle = "title.call"
  case choiceTitle = "title.choice"
  case choicesTitle = "title.choices"
  case challengeTitle = "title.challenge"
  case lineTitle = "title.line"

  // What the script that does work says. It fills in `{percent}`.
  case workProgress = "work.progress"
  case workDone = "work.done"

  // A number of which only the last digits may be shown.
  case numberEnding = "number.ending"

  // How long a PIN is good.
  case lifetimeOver = "lifetime.over"
  case lifetimeUnknown = "lifetime.unknown"

  // When the next message can be requested. The page's script, too, fills in `{wait}`, as time goes by.
  case againAfter = "again.after"
  case againNow = "again.now"
  case againNever = "again.never"

  // Times to wait, in a sentence.
  case waitOver = "wait.over"
  case waitIn = "wait.in"
  case waitUnknown = "wait.unknown"

  case lastTry = "tries.last"

  /// How many digits a PIN has, if that can vary.
  case lengthRange = "pin.length_range"

  // Countries.
  case someCountry = "country.some"
  case servedCountries = "country.served"
  case countryWithCode = "country.with_code"
  case listSeparator = "list.separator"
  case listEnd = "list.end"
  case landline = "choice.landline"

  // The ways on.
  case startAgain = "action.start_again"
  case goOn = "action.go_on"

  /// To somebody who submitted a form to a page that they may not see yet.
  case lostForm = "entry.lost_form"

  // What the web server itself says.
  case serverLimitedTitle = "server.limited.title"
  case serverLimited = "server.limited"
  case serverLimitedMore = "server.limited.more"
  case serverBusyTitle = "server.busy.title"
  case serverBusy = "server.busy"
}

/// A text that counts.
enum PluralKey: String, Sendable, Hashable, CaseIterable {
  case seconds, minutes, hours, days
  case lifetimeFresh = "lifetime.fresh"
  case lifetimeLeft = "lifetime.left"
  case triesLeft = "tries.left"
  case digits = "pin.digits"
  case moreCountries = "country.more"
  case remember
}
