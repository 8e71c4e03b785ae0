package import HTTPTypes
package import Logging
internal import Verification

/// What follows from an outcome: one row of the table. It contains no text; `Pages` has that, by message key.
package struct OutcomeRow: Sendable {
  /// What the visitor gets: the next form and the notice next to it, or a page without a form.
  package enum Page: Sendable, Hashable {
    /// The form for the number again, with the typed text still in it.
    case numberForm(Notice)
    /// The form that asks for no number, because the site knows it.
    case userForm
    /// The form for the PIN, with the same pending request.
    case pinForm(Notice?)
    /// The offer of a call to a landline.
    case callForm
    /// The numbers that could be meant, with a button for each.
    case choiceForm
    /// The challenge before the requested message is sent.
    case challengeForm(Outcome.Form, Notice)
    /// The visitor's place in the waiting queue.
    case lineForm(Outcome.Form, Notice)
    /// A page without a form: a title, one or two paragraphs, and a next step.
    case status(PageSeverity, MessageKey, NextStep)

    /// Whether it carries a form token.
    var hasNumberForm: Bool {
      switch self {
      case .numberForm, .userForm, .callForm, .choiceForm: true
      case .challengeForm(let form, _), .lineForm(let form, _): form == .number
      case .pinForm, .status: false
      }
    }

    /// Whether it carries a pending attempt.
    var hasPINForm: Bool {
      switch self {
      case .pinForm: true
      case .challengeForm(let form, _), .lineForm(let form, _): form == .pin
      case .numberForm, .userForm, .callForm, .choiceForm, .status: false
      }
    }

    /// Whether it has no form.
    var isStatus: Bool {
      if case .status = self { true } else { false }
    }

    /// The key of its message; nil if it says only what such a page always says.
    package var message: MessageKey? {
      switch self {
      case .numberForm(let notice): notice.key
      case .pinForm(let notice): notice?.key
      case .challengeForm(_, let notice), .lineForm(_, let notice): notice.key
      case .userForm, .callForm, .choiceForm: nil
      case .status(_, let key, _): key
      }
    }
  }

  /// What a page with a form says next to it.
  package struct Notice: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A problem with the typed text, shown at the field and in a summary that links to it.
      case field
      /// Something went wrong through no fault of the visitor's.
      case trouble
      /// Useful information.
      case news
    }

    package let kind: Kind
    package let key: MessageKey

    static func field(_ key: MessageKey) -> Notice { Notice(kind: .field, key: key) }
    static func trouble(_ key: MessageKey) -> Notice { Notice(kind: .trouble, key: key) }
    static func news(_ key: MessageKey) -> Notice { Notice(kind: .news, key: key) }
  }

  /// How a page without a form looks.
  package enum PageSeverity: String, CaseIterable, Sendable, Hashable {
    case success
    case attention
    /// It is the site's fault: such a page shows a reference for the owner.
    case failure
  }

  /// The next step from a page without a form.
  package enum NextStep: String, Sendable, Hashable {
    case startAgain
    case goOn
  }

  package let status: HTTPResponse.Status
  /// The stable log code.
  package let code: String
  package let severity: Logger.Level
  package let page: Page
  /// When the visitor may try again, if nothing else says so: for every 429, for a 503 that ends by itself, and when
  /// trying again would bring the same result until then.
  package let retryAfter: Duration?

  init(
    _ status: HTTPResponse.Status, _ code: String, _ severity: Logger.Level, _ page: Page,
    retryAfter: Duration? = nil
  ) {
    self.status = status
    self.code = code
    self.severity = severity
    self.page = page
    self.retryAfter = retryAfter
  }
}
