internal import Encoding
internal import Flow
internal import Verification

/// What a page says beside its form, with its arguments filled in.
///
/// In a message, `{wait}`, `{left}`, and `{owner}` stand for the time to wait, the remaining tries, and the country that the
/// number belongs to; `{digits}` and `{example}` for a PIN's length and an example of one; `{number}` for an example of a number.
/// Of `{one|other}` the first is about text messages. The second is about calls: it is shown if a call was asked for, or if
/// nothing was and the PIN came by a call.
struct MessageText {
  /// What the page says first.
  let main: String
  /// What is said only at the field, so that a page says it once.
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
      // A page that is shown again may be older than its wait.
      main = main.filling(words.text(.waitIn), with: words.text(.waitOver))
    } else {
      main = main.filling("{wait}", with: wait.map { words.wait($0) } ?? words.text(.waitUnknown))
    }
    if main.hasPart("{owner}") {
      let owner = arguments.owner.map { words.countries.inSentence($0) } ?? words.text(.someCountry)
      main = main.filling("{owner}", with: owner)
    }
    if let length = arguments.pinForm?.codeLength, main.hasPart("{digits}") {
      main = main.filling("{digits}", with: words.digits(length))
        .filling("{example}", with: words.examplePIN(length))
    }
    if main.hasPart("{number}") { main = main.filling("{number}", with: settings.exampleNumber) }
    self.main = main.filling(" {left}", with: "")
    detail = text.hasPart("{left}") ? words.tries(left: arguments.triesLeft) : ""
  }

  var whole: String { detail.isEmpty ? main : "\(main) \(detail)" }

  /// Whether it tells how long to wait.
  static func namesWait(_ key: MessageKey?, in words: Catalog) -> Bool {
    key.map { words.notice($0).hasPart("{wait}") } ?? false
  }

  /// Chooses from each pair the words about text messages, or those about calls.
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
