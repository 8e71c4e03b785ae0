internal import HTTPTypes
internal import Logging
internal import Verification

/// What follows from an ending: one row of the one table from outcome to answer.
struct Verdict: Sendable {
  /// What the visitor is shown, in words that are never the provider's.
  enum Words: Sendable, Hashable {
    /// The form for the number again, with what was typed still in it.
    case numberForm(Message)
    /// The form for the PIN, with the same pending request.
    case pinForm(Message?)
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
  /// When the visitor may try again if the provider says nothing else: on every 503.
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

extension Verdict {
  /// The row for an ending.
  init(_ ending: Ending) {
    switch ending {
    case .sent:
      self.init(.ok, "start.sent", .info, .pinForm(nil))
    case .alreadyRunning:
      self.init(
        .ok, "start.already_running", .notice,
        .pinForm(.news("We already sent you a message a short while ago, so we did not send another. Enter its PIN.")))
    case .numberMissing:
      self.init(
        .unprocessableContent, "number.missing", .info, .numberForm(.field("Enter your mobile number.")))
    case .numberUnreadable:
      self.init(.unprocessableContent, "number.unreadable", .info, .numberForm(.field(Self.numberAdvice)))
    case .numberRefused:
      self.init(.unprocessableContent, "number.refused", .notice, .numberForm(.field(Self.numberAdvice)))
    case .destinationUnsupported:
      self.init(
        .unprocessableContent, "number.unsupported_destination", .notice,
        .numberForm(.field("We cannot reach this number’s network. Enter another number.")))
    case .numberBlocked:
      self.init(
        .unprocessableContent, "number.blocked", .warning,
        .numberForm(.field("We cannot send messages to this number. Enter another number.")))
    case .startFailed(let kind):
      self.init(
        failure: kind, code: "start", busy: .numberForm(.trouble(Self.startBusy)),
        lost: .numberForm(.trouble(Self.startLost)))

    case .verified:
      self.init(
        .ok, "check.verified", .info,
        .page(.success, title: "Account verified!", text: ["Your phone number is confirmed."], action: .goOn))
    case .pinMissing:
      self.init(
        .unprocessableContent, "pin.missing", .info, .pinForm(.field("Enter the PIN from the message.")))
    case .pinUnreadable:
      self.init(
        .unprocessableContent, "pin.unreadable", .info,
        .pinForm(.field("Enter the 6 digits from the message, like 123 456.")))
    case .wrongPIN:
      self.init(
        .unprocessableContent, "check.wrong", .info,
        .pinForm(.field("That PIN is not right. Check the message: you have 3 tries in all.")))
    case .wrongOrOldPIN:
      self.init(
        .unprocessableContent, "check.wrong_or_old", .info,
        .pinForm(.field("That PIN is wrong or too old. Enter the 6 digits of the newest message.")))
    case .tooManyWrongPINs:
      self.init(
        .gone, "check.too_many", .notice,
        .page(
          .attention, title: "Too many wrong PINs",
          text: [
            "To keep your number safe, this PIN cannot be used any more.",
            "Start again and we will send you a new one.",
          ], action: .startAgain))
    case .expired:
      self.init(
        .gone, "check.expired", .info,
        .page(
          .attention, title: "This PIN has expired",
          text: [
            "A PIN is good for a few minutes only. Start again and we will send you a new one.",
            "If you have already seen “Account verified!”, there is nothing more to do.",
          ], action: .startAgain))
    case .used:
      self.init(
        .gone, "check.used", .notice,
        .page(
          .attention, title: "This PIN was already used",
          text: [
            "Each PIN works once. If you have just seen “Account verified!”, there is nothing more to do.",
            "If not, start again and we will send you a new one.",
          ], action: .startAgain))
    case .ended:
      self.init(
        .gone, "check.ended", .notice,
        .page(
          .attention, title: "This PIN is no longer good",
          text: [
            "It has expired or was already used. Start again and we will send you a new one.",
            "If you have just seen “Account verified!”, there is nothing more to do.",
          ], action: .startAgain))
    case .foreignRequest:
      self.init(
        .badRequest, "check.foreign", .warning,
        .page(
          .attention, title: "We do not recognize this form",
          text: ["It may have been open for too long, or it came from another site. Start again from the first page."],
          action: .startAgain))
    case .checkFailed(let kind):
      self.init(
        failure: kind, code: "check", busy: .pinForm(.trouble(Self.checkBusy)), lost: .pinForm(.trouble(Self.checkLost))
      )

    case .notFound:
      self.init(
        .notFound, "request.not_found", .debug,
        .page(
          .attention, title: "Page not found", text: ["There is nothing at this address."], action: .startAgain))
    case .methodNotAllowed:
      self.init(
        .methodNotAllowed, "request.method_not_allowed", .debug,
        .page(
          .attention, title: "Start from the first page",
          text: ["This page only takes what its form sends."], action: .startAgain))
    case .crossSite:
      self.init(
        .forbidden, "request.cross_site", .warning,
        .page(
          .attention, title: "This form came from another site",
          text: ["To protect you, we only accept forms from our own pages. Start again from the first page."],
          action: .startAgain))
    case .unsupportedType:
      self.init(
        .unsupportedMediaType, "request.unsupported_type", .notice, Self.unreadableForm)
    case .tooLarge:
      self.init(.contentTooLarge, "request.too_large", .notice, Self.unreadableForm)
    case .lengthMissing:
      self.init(.lengthRequired, "request.length_missing", .notice, Self.unreadableForm)
    case .malformed:
      self.init(.badRequest, "request.malformed", .notice, Self.unreadableForm)
    case .overloaded:
      self.init(
        .serviceUnavailable, "site.overloaded", .error,
        .page(
          .attention, title: "Very busy right now", text: ["Many people are here at once. Try again in a minute."],
          action: .startAgain),
        retryAfter: .seconds(10))
    case .notConfigured:
      self.init(.serviceUnavailable, "site.not_configured", .critical, Self.unavailable, retryAfter: .seconds(300))
    case .malfunction:
      self.init(.internalServerError, "site.malfunction", .critical, Self.unavailable)
    }
  }

  /// The row for a failure of the provider's. The visitor is never blamed for it: either trying again helps (`busy`),
  /// or nobody knows what became of the request (`lost`), or only the site's owner can help.
  private init(failure kind: VerifierFailure.Kind, code: String, busy: Words, lost: Words) {
    let code = "\(code).\(kind.rawValue)"
    switch kind {
    case .throttled:
      self.init(.serviceUnavailable, code, .warning, busy, retryAfter: .seconds(5))
    case .overloaded:
      self.init(.serviceUnavailable, code, .error, busy, retryAfter: .seconds(10))
    case .badCredentials, .accountBarred, .quotaExceeded, .parameterNotAllowed, .demoAccount:
      self.init(.serviceUnavailable, code, .critical, Self.unavailable, retryAfter: .seconds(300))
    case .incompleteRequest, .invalidParameter, .unknownStatus, .untrustedCertificate:
      self.init(.badGateway, code, .critical, Self.unavailable)
    case .internalError, .cannotProcess, .unreachable:
      self.init(.badGateway, code, .error, busy)
    case .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost:
      self.init(.badGateway, code, .error, lost)
    case .timedOut:
      self.init(.gatewayTimeout, code, .error, lost)
    }
  }

  private static let numberAdvice = "Enter a mobile number with its country code, like +1 800 555 1234."
  private static let startBusy = "We could not send your message just now. Wait a moment and try again."
  private static let startLost =
    "We asked for your message but got no clear answer. Wait a moment and try again: if it was sent, "
    + "you will not get a second one."
  private static let checkBusy = "We could not check your PIN just now. Wait a moment and try again."
  private static let checkLost =
    "We asked whether your PIN is right but got no clear answer. Wait a moment and try again."

  private static let unavailable = Words.page(
    .failure, title: "Not available right now",
    text: ["This is our fault and not yours. We have made a note of it. Try again later."], action: .startAgain)

  private static let unreadableForm = Words.page(
    .attention, title: "We could not read this form", text: ["Start again from the first page."], action: .startAgain)
}
