internal import HTTPTypes
internal import Logging
internal import Verification

/// What follows from an ending: one row of the one table from outcome to answer.
///
/// In the words, `{about a message|about a call}` is one of the two (`MessageText`), `{wait}` stands for the time to wait,
/// `{left}` for the tries that are left, and `{owner}` for the country whose number it is.
struct Verdict: Sendable {
  /// What the visitor is shown, in words that are never the provider's.
  enum Words: Sendable, Hashable {
    /// The form for the number again, with what was typed still in it.
    case numberForm(Message)
    /// The form for the PIN, with the same pending request.
    case pinForm(Message?)
    /// The offer of a call to a landline.
    case callForm
    /// The numbers that could be meant, a button each.
    case choiceForm
    /// A page without a form: one or two paragraphs, and the way on.
    case page(Tone, title: String, text: [String], action: Action)
  }

  /// The way on from a page.
  enum Action: Sendable, Hashable {
    case startAgain
    case goOn
  }

  let status: HTTPResponse.Status
  /// The stable name in the log.
  let code: String
  let severity: Logger.Level
  let words: Words
  /// When the visitor may try again if nothing else says so: on every 429, on the 503s that end by themselves, and where a
  /// repeat would bring the same for as long.
  var retryAfter: Duration?

  init(
    _ status: HTTPResponse.Status, _ code: String, _ severity: Logger.Level, _ words: Words,
    retryAfter: Duration? = nil
  ) {
    self.status = status
    self.code = code
    self.severity = severity
    self.words = words
    self.retryAfter = retryAfter
  }
}
