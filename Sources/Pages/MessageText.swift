internal import Flow
internal import Verification

/// What a page says beside its form, with what only its request knows put in.
///
/// In a message `{wait}`, `{left}` and `{owner}` stand for the time to wait, the tries that are left and the country whose
/// number it is, `{digits}` and `{example}` for the length of a PIN and for one, `{number}` for a number as it can be typed,
/// and `{one|other}` for words about text messages, and in their place about calls where one was asked for, or where nothing
/// was and the PIN came by one.
struct MessageText {
  /// What the page says first.
  let main: String
  /// What stands at the field alone, so that a page says it once.
  let detail: String

  /// - Parameter wait: how long the visitor is asked to wait.
  init(_ key: MessageKey, _ arguments: OutcomeArguments, wait: Duration?, for settings: PageSettings) {
    let words = settings.words
    let text = words.notice(key)
    guard text.utf8.contains(UInt8(ascii: "{")) else {
      (main, detail) = (text, "")
      return
    }
    let channel = arguments.channel ?? arguments.pinForm?.channel
    var main = Self.choose(text, isCall: channel == .call)
    if wait == .zero {
      // A page that is shown again may have outlived its wait.
      main = main.replacing(words.text(.waitIn), with: words.text(.waitOver))
    } else {
      main = main.replacing("{wait}", with: wait.map { words.wait($0) } ?? words.text(.waitUnknown))
    }
    if main.contains("{owner}") {
      let owner = arguments.owner.map { words.countries.inSentence($0) } ?? words.text(.someCountry)
      main = main.replacing("{owner}", with: owner)
    }
    if let length = arguments.pinForm?.codeLength, main.contains("{digits}") {
      main = main.replacing("{digits}", with: words.digits(length))
        .replacing("{example}", with: words.examplePIN(length))
    }
    if main.contains("{number}") { main = main.replacing("{number}", with: settings.exampleNumber) }
    self.main = main.replacing(" {left}", with: "")
    detail = text.contains("{left}") ? words.tries(left: arguments.triesLeft) : ""
  }

  var whole: String { detail.isEmpty ? main : "\(main) \(detail)" }

  /// Whether it says how long to wait.
  static func namesWait(_ key: MessageKey?, in words: Catalog) -> Bool {
    key.map { words.notice($0).contains("{wait}") } ?? false
  }

  /// One of each two words, those about text messages or those about calls.
  static func choose(_ text: String, isCall: Bool) -> String {
    var chosen = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      let words = rest[rest.index(after: start)..<end].split(
        separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      chosen += rest[..<start]
      chosen += words.count == 2 ? words[isCall ? 1 : 0] : rest[start...end]
      rest = rest[rest.index(after: end)...]
    }
    return chosen + rest
  }
}
