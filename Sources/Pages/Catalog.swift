internal import Flow
internal import Verification

/// All that a page says in one language, by key, with arguments and plurals: the only place of words.
///
/// A text has arguments in braces: `{wait}` the time to wait, `{owner}` the country whose number it is, and others that
/// its key names. `{about a message|about a call}` is one of the two: what is said of text messages and what, in the same
/// place, of calls (`MessageText`). A text that counts has a form for each plural category of the language.
struct Catalog: Sendable {
  /// The language as a tag (BCP 47), as `lang` has it.
  let language: String
  /// Which form a count takes (Unicode CLDR, "Language Plural Rules"), for whole numbers.
  let category: @Sendable (Int64) -> PluralCategory
  /// What each message says: one text, or a page's title and paragraphs.
  let messages: [MessageKey: [String]]
  let texts: [TextKey: String]
  /// What stands in the templates.
  let labels: [LabelKey: String]
  let plurals: [PluralKey: [PluralCategory: String]]
  let countries: CountryNames

  /// The categories of plural forms (CLDR); each language has some of them, and `other` always.
  enum PluralCategory: String, Sendable, Hashable, CaseIterable {
    case zero, one, two, few, many, other
  }

  /// The whole text of a page's notice; the tests hold that there is one for every key.
  func notice(_ key: MessageKey) -> String { messages[key]?.first ?? key.rawValue }

  /// A page's title, and its one or two paragraphs.
  func page(_ key: MessageKey) -> (title: String, paragraphs: [String]) {
    let texts = messages[key] ?? [key.rawValue]
    return (texts[0], Array(texts.dropFirst()))
  }

  func text(_ key: TextKey, _ arguments: (name: String, value: String)...) -> String {
    Self.filled(texts[key] ?? key.rawValue, arguments)
  }

  /// A text in the form that a number takes, with the number in it.
  ///
  /// - Parameter shown: what stands for the number where it is not the number alone.
  func counted(_ key: PluralKey, _ number: Int64, shown: String? = nil) -> String {
    let forms = plurals[key] ?? [:]
    return Self.filled(forms[category(number)] ?? forms[.other] ?? key.rawValue, [("n", shown ?? "\(number)")])
  }

  /// What a name in a template says, `words.pin.label`, as a template of its own; nil for a name of something else.
  ///
  /// An argument is a block of it, so that the template which uses it can put markup around it. By itself it is what has
  /// its name on the page.
  func template(_ name: String) -> Template? {
    guard let key = LabelKey(templateName: name), let text = labels[key] else { return nil }
    return Template(label: text)
  }

  private static func filled(_ text: String, _ arguments: [(name: String, value: String)]) -> String {
    arguments.reduce(text) { $0.replacing("{\($1.name)}", with: $1.value) }
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

  // What the script of a page says that does work. `{percent}` is put in by it.
  case workProgress = "work.progress"
  case workDone = "work.done"

  // A number of which no more may be shown.
  case numberEnding = "number.ending"

  // How long a PIN is good.
  case lifetimeOver = "lifetime.over"
  case lifetimeUnknown = "lifetime.unknown"

  // When the next message may be asked for. `{wait}` is put in by the page's script, too, as the time goes by.
  case againAfter = "again.after"
  case againNow = "again.now"
  case againNever = "again.never"

  // Times to wait, in a sentence.
  case waitOver = "wait.over"
  case waitIn = "wait.in"
  case waitUnknown = "wait.unknown"

  case lastTry = "tries.last"

  /// How many digits a PIN has, where it may be one or the other number.
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

  /// To whoever sent a form to what they may not see yet.
  case lostForm = "entry.lost_form"

  // What a web server in front says by itself.
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
