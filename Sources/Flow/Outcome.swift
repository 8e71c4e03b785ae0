package import Limits
package import Verification

/// How a request can end. For each outcome, `OutcomeRow` defines what the visitor and the owner are told.
package enum Outcome: Sendable, Hashable {
  /// The form that a visitor gets back.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    case number, pin
  }

  // GET / with users
  case userForm
  /// The web server names no user.
  case userMissing

  // POST register
  case sent
  /// The provider already had a request running; this is its page.
  case alreadyRunning
  /// The same was requested shortly before; this is its page again.
  case repeated
  case numberMissing
  /// What the numbering plan says about the number.
  case numberUnfit(NumberRefusal)
  /// More than one number could be meant, or the one is doubtful.
  case numberUnclear
  /// What the provider says about the number.
  case numberRefused
  case destinationUnsupported
  case numberBlocked
  case landline
  /// A landline, and the provider makes no calls.
  case landlineRefused
  /// It is no longer known whether this form was sent before.
  case formTooOld
  /// The running request was given up or has no tries left, and it is too early for a new one.
  case tooEarlyForNew
  case startFailed(VerifierFailure.Kind)
  /// No person sent it.
  case automated

  // POST resend and call
  case sentAgain
  case tooEarlyAgain
  case resendExhausted
  case resendFailed(VerifierFailure.Kind)

  // Both
  case sendLimited(SendLimit, Form)
  /// During an attack: a challenge has to be passed first.
  case challenged(Form)
  /// The challenge was not passed, or a harder one is required by now.
  case challengedAgain(Form)
  /// The visitor has a place in the waiting queue, which is or will be ready.
  case waitingInLine(Form)
  /// The same was requested, and there is no answer yet.
  case stillSending(Form)
  /// The same was requested, and its answer is lost for good.
  case sendLost(Form)
  /// The same was requested, and nothing was sent.
  case notSent(Form)

  // POST cancel
  case givenUp

  // POST verify
  case verified
  case pinMissing
  case pinUnreadable
  /// The text contains more than one number that could be the PIN.
  case severalPINs
  case wrongPIN
  /// The PIN is wrong, and so late that a newer one may have been sent since.
  case wrongOrOldPIN
  case tooManyWrongPINs
  /// The page's request has been replaced by another one.
  case newerPIN
  case tryLimited(TryLimit)
  case expired
  /// The request ended at the provider before its time: the PIN was used before, or the request was canceled.
  case used
  /// The request has ended at the provider, and nobody here knows when it began.
  case ended
  case foreignRequest
  /// The attempt began in another browser, or this one did not keep its cookie.
  case unbound
  /// The request belongs to a provider other than the current one.
  case providerChanged
  case checkFailed(VerifierFailure.Kind)

  // GET verify?…
  /// The token is not genuine, or was made for another browser.
  case viewForeign
  case viewExpired

  // POST signout
  case signedOut

  // POST redeem
  case redeemed
  /// The caller did not present the site's secret.
  case redeemUnauthorized
  /// The token does not belong to this site.
  case returnTokenForeign
  case returnTokenExpired
  /// The token has already been redeemed.
  case returnTokenUsed

  // Any request
  case storeFailed(StoreFailure.Kind)
  case notFound
  case methodNotAllowed
  case crossSite
  /// The browser withholds which site's page the form was on.
  case originHidden
  case unsupportedType
  case tooLarge
  case lengthMissing
  case malformed
  case overloaded
  case notConfigured
  case malfunction

  /// All outcomes, for the tests and for documents that show the table.
  package static let all: [Outcome] =
    [
      .userForm, .userMissing, .sent, .alreadyRunning, .repeated, .numberMissing, .numberRefused,
      .destinationUnsupported, .numberBlocked, .landline, .landlineRefused, .numberUnclear, .formTooOld,
      .tooEarlyForNew, .automated, .sentAgain, .tooEarlyAgain, .resendExhausted, .givenUp,
      .verified,
      .pinMissing, .pinUnreadable, .severalPINs, .wrongPIN, .wrongOrOldPIN, .tooManyWrongPINs, .newerPIN, .expired,
      .used, .ended, .foreignRequest, .unbound, .providerChanged, .viewForeign, .viewExpired, .signedOut, .redeemed,
      .redeemUnauthorized, .returnTokenForeign, .returnTokenExpired, .returnTokenUsed, .notFound, .methodNotAllowed,
      .crossSite,
      .originHidden, .unsupportedType, .tooLarge, .lengthMissing, .malformed, .overloaded, .notConfigured, .malfunction,
    ] + NumberRefusal.allCases.map { .numberUnfit($0) }
    + VerifierFailure.Kind.allCases.flatMap { [.startFailed($0), .resendFailed($0), .checkFailed($0)] }
    + StoreFailure.Kind.allCases.map { .storeFailed($0) } + TryLimit.allCases.map { .tryLimited($0) }
    + Form.allCases.flatMap { form in
      SendLimit.allCases.map { .sendLimited($0, form) } + [
        .challenged(form), .challengedAgain(form), .waitingInLine(form), .stillSending(form), .sendLost(form),
        .notSent(form),
      ]
    }
}
