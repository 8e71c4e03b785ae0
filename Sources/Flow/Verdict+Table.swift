internal import HTTPTypes
internal import Limits
internal import Logging
internal import Verification

extension Verdict {
  /// The row for an ending.
  init(_ ending: Ending) {
    switch ending {
    case .sent, .alreadyRunning, .repeated, .numberMissing, .numberUnfit, .numberRefused, .destinationUnsupported,
      .numberBlocked, .landline, .numberUnclear, .formTooOld, .tooEarlyForNew, .startFailed, .sentAgain, .tooEarlyAgain,
      .resendExhausted,
      .resendFailed, .givenUp, .sendLimited, .stillSending, .sendLost, .notSent:
      self.init(send: ending)
    case .verified, .pinMissing, .pinUnreadable, .severalPINs, .wrongPIN, .wrongOrOldPIN, .tooManyWrongPINs, .newerPIN,
      .tryLimited,
      .expired,
      .used, .ended, .foreignRequest, .viewForeign, .viewExpired, .checkFailed:
      self.init(check: ending)

    case .storeFailed(.busy):
      self.init(.serviceUnavailable, "store.busy", .error, Self.crowded, retryAfter: .seconds(5))
    case .storeFailed(.overloaded):
      self.init(.serviceUnavailable, "store.overloaded", .error, Self.crowded, retryAfter: .seconds(5))
    case .storeFailed(let kind):
      self.init(
        .serviceUnavailable, "store.\(kind.rawValue)", .critical, Self.unavailable, retryAfter: .seconds(60))
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
    case .originHidden:
      // What the owner can do about it is in docs/web-servers.md.
      self.init(
        .forbidden, "request.origin_hidden", .warning,
        .page(
          .attention, title: "Your browser did not say where this form came from",
          text: [
            "To protect you, we only accept forms from our own pages, and we could not tell. Start again from the first page.",
            "If this page comes again, use another browser, or tell the site’s owner that its first page sends no referrer.",
          ],
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
      // The server says so once; a line for each who is turned away would be one more load.
      self.init(.serviceUnavailable, "site.overloaded", .debug, Self.crowded, retryAfter: .seconds(10))
    case .notConfigured:
      // What is wrong was said at the start; `UnconfiguredSite` bounds how often this is.
      self.init(.serviceUnavailable, "site.not_configured", .error, Self.unavailable, retryAfter: .seconds(300))
    case .malfunction:
      self.init(.internalServerError, "site.malfunction", .critical, Self.unavailable)
    }
  }

  /// The row for a failure of the provider's. The visitor is never blamed for it: either trying again helps (`busy`),
  /// or nobody knows what became of the request (`lost`), or only the site's owner can help.
  ///
  /// - Parameters:
  ///   - busy: the words where trying again helps, given what they say of when.
  ///   - lostFor: how long trying again brings the same, where nobody knows what became of the request.
  init(
    failure kind: VerifierFailure.Kind, code: String, busy: (String) -> Words, lost: Words, lostFor: Duration? = nil
  ) {
    let code = "\(code).\(kind.rawValue)"
    switch kind {
    case .throttled:
      self.init(.serviceUnavailable, code, .warning, busy(Self.inAWhile), retryAfter: .seconds(5))
    case .overloaded:
      self.init(.serviceUnavailable, code, .error, busy(Self.inAWhile), retryAfter: .seconds(10))
    case .badCredentials, .accountBarred, .quotaExceeded, .notPermitted:
      self.init(.serviceUnavailable, code, .critical, Self.unavailable, retryAfter: .seconds(300))
    case .invalidRequest, .untrustedCertificate:
      self.init(.badGateway, code, .critical, Self.unavailable)
    case .unknownStatus:
      self.init(.badGateway, code, .critical, Self.unavailable, retryAfter: lostFor)
    case .cannotProcess, .unreachable:
      self.init(.badGateway, code, .error, busy(Self.inAMoment))
    case .notReachedInTime:
      self.init(.gatewayTimeout, code, .error, busy(Self.inAMoment))
    case .internalError, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost:
      self.init(.badGateway, code, .error, lost, retryAfter: lostFor)
    case .timedOut:
      self.init(.gatewayTimeout, code, .error, lost, retryAfter: lostFor)
    }
  }

  private static let inAWhile = "Try again in {wait}."
  static let inAMoment = "Wait a moment and try again."

  static let unavailable = Words.page(
    .failure, title: "Not available right now",
    text: ["This is our fault and not yours. We have made a note of it. Try again later."], action: .startAgain)

  private static let crowded = Words.page(
    .attention, title: "Very busy right now", text: ["Many people are here at once. Try again in a minute."],
    action: .startAgain)

  private static let unreadableForm = Words.page(
    .attention, title: "We could not read this form", text: ["Start again from the first page."], action: .startAgain)
}
