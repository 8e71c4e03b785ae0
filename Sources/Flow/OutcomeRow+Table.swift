internal import HTTPTypes
internal import Limits
internal import Logging
internal import Verification

extension OutcomeRow {
  /// The row for an outcome.
  package init(_ outcome: Outcome) {
    switch outcome {
    case .userForm, .sent, .alreadyRunning, .repeated, .numberMissing, .numberUnfit, .numberRefused,
      .destinationUnsupported, .numberBlocked, .landline, .landlineRefused, .numberUnclear, .formTooOld,
      .tooEarlyForNew, .startFailed, .sentAgain, .tooEarlyAgain,
      .resendExhausted,
      .resendFailed, .givenUp, .sendLimited, .automated, .challenged, .challengedAgain, .waitingInLine, .stillSending,
      .sendLost, .notSent:
      self.init(send: outcome)
    case .verified, .pinMissing, .pinUnreadable, .severalPINs, .wrongPIN, .wrongOrOldPIN, .tooManyWrongPINs, .newerPIN,
      .tryLimited,
      .expired,
      .used, .ended, .foreignRequest, .unbound, .providerChanged, .viewForeign, .viewExpired, .checkFailed:
      self.init(check: outcome)

    case .userMissing:
      self.init(
        .serviceUnavailable, "site.no_user", .error, Self.page(.unavailable, .failure), retryAfter: .seconds(300))
    case .signedOut:
      self.init(.ok, "gate.signed_out", .info, .status(.success, .signedOut, .goOn))

    case .redeemed: self.init(.ok, "redeem.redeemed", .info, .status(.success, .redeemed, .goOn))
    case .redeemUnauthorized:
      self.init(.unauthorized, "redeem.unauthorized", .warning, Self.page(.redeemUnauthorized))
    case .returnTokenForeign: self.init(.badRequest, "redeem.foreign", .warning, Self.page(.returnTokenForeign))
    case .returnTokenExpired: self.init(.gone, "redeem.expired", .notice, Self.page(.returnTokenExpired))
    case .returnTokenUsed: self.init(.gone, "redeem.used", .warning, Self.page(.returnTokenUsed))

    case .storeFailed(.busy):
      self.init(.serviceUnavailable, "store.busy", .error, Self.page(.crowded), retryAfter: .seconds(5))
    case .storeFailed(.overloaded):
      self.init(.serviceUnavailable, "store.overloaded", .error, Self.page(.crowded), retryAfter: .seconds(5))
    case .storeFailed(let kind):
      self.init(
        .serviceUnavailable, "store.\(kind.rawValue)", .critical, Self.page(.unavailable, .failure),
        retryAfter: .seconds(60))
    case .notFound:
      self.init(
        .notFound, "request.not_found", .debug, Self.page(.notFound))
    case .methodNotAllowed:
      self.init(
        .methodNotAllowed, "request.method_not_allowed", .debug, Self.page(.methodNotAllowed))
    case .crossSite:
      self.init(
        .forbidden, "request.cross_site", .warning, Self.page(.crossSite))
    case .originHidden:
      // What the owner can do about it is in docs/web-servers.md.
      self.init(
        .forbidden, "request.origin_hidden", .warning, Self.page(.originHidden))
    case .unsupportedType:
      self.init(
        .unsupportedMediaType, "request.unsupported_type", .notice, Self.page(.unreadableForm))
    case .tooLarge:
      self.init(.contentTooLarge, "request.too_large", .notice, Self.page(.unreadableForm))
    case .lengthMissing:
      self.init(.lengthRequired, "request.length_missing", .notice, Self.page(.unreadableForm))
    case .malformed:
      self.init(.badRequest, "request.malformed", .notice, Self.page(.unreadableForm))
    case .overloaded:
      // The server reports this once; a log line for every rejected client would add to the load.
      self.init(.serviceUnavailable, "site.overloaded", .debug, Self.page(.crowded), retryAfter: .seconds(10))
    case .notConfigured:
      // The mistake was logged at startup; `UnconfiguredSite` limits how often this is logged.
      self.init(
        .serviceUnavailable, "site.not_configured", .error, Self.page(.unavailable, .failure), retryAfter: .seconds(300)
      )
    case .malfunction:
      self.init(.internalServerError, "site.malfunction", .critical, Self.page(.unavailable, .failure))
    }
  }

  /// The row for a provider's failure. The visitor is never blamed: either trying again helps (`busy`), or nobody knows
  /// what became of the request (`lost`), or only the owner can help.
  ///
  /// - Parameters:
  ///   - busy: the page if trying again helps, after a time that it names.
  ///   - busyForAMoment: the page if that time is short.
  ///   - lostFor: how long trying again brings the same result, if nobody knows what became of the request.
  init(
    failure kind: VerifierFailure.Kind, code: String, busy: Page, busyForAMoment: Page, lost: Page,
    lostFor: Duration? = nil
  ) {
    let code = "\(code).\(kind.rawValue)"
    switch kind {
    case .throttled:
      self.init(.serviceUnavailable, code, .warning, busy, retryAfter: .seconds(5))
    case .overloaded:
      self.init(.serviceUnavailable, code, .error, busy, retryAfter: .seconds(10))
    case .badCredentials, .accountBarred, .quotaExceeded, .notPermitted, .featureNotEnabled:
      self.init(.serviceUnavailable, code, .critical, Self.page(.unavailable, .failure), retryAfter: .seconds(300))
    case .invalidRequest, .untrustedCertificate:
      self.init(.badGateway, code, .critical, Self.page(.unavailable, .failure))
    case .unknownStatus:
      self.init(.badGateway, code, .critical, Self.page(.unavailable, .failure), retryAfter: lostFor)
    case .cannotProcess, .unreachable:
      self.init(.badGateway, code, .error, busyForAMoment)
    case .notReachedInTime:
      self.init(.gatewayTimeout, code, .error, busyForAMoment)
    case .internalError, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost:
      self.init(.badGateway, code, .error, lost, retryAfter: lostFor)
    case .timedOut:
      self.init(.gatewayTimeout, code, .error, lost, retryAfter: lostFor)
    }
  }
}
