package import Limits
package import Verification

/// How one request ended: every way there is. `OutcomeRow` says for each what the visitor and the operator are told.
package enum Outcome: Sendable, Hashable {
  /// Which form a visitor gets back.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    case number, pin
  }

  // GET / with users
  case userForm
  /// The web server names no user.
  case userMissing

  // POST register
  case sent
  /// The provider had it running before: its page.
  case alreadyRunning
  /// The same was asked for a short while ago: its page again.
  case repeated
  case numberMissing
  /// What the numbering plan says of the number.
  case numberUnfit(NumberRefusal)
  /// More than one number could be meant, or hardly the one.
  case numberUnclear
  /// What the provider says of it.
  case numberRefused
  case destinationUnsupported
  case numberBlocked
  case landline
  /// A landline, and the provider makes no calls.
  case landlineRefused
  /// Whether this form was sent before is no longer known.
  case formTooOld
  /// The running request was given up or is spent, and it is too early for a new one.
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
  /// Under attack: something is asked for first.
  case challenged(Form)
  /// What was brought was not it, or more is asked for by now.
  case challengedAgain(Form)
  /// There is a place in line, which is or will be ready.
  case waitingInLine(Form)
  /// The same was asked for and has no answer yet.
  case stillSending(Form)
  /// The same was asked for, and its answer will never come.
  case sendLost(Form)
  /// The same was asked for, and nothing was sent.
  case notSent(Form)

  // POST cancel
  case givenUp

  // POST verify
  case verified
  case pinMissing
  case pinUnreadable
  /// What was typed or pasted has more than one number that could be the PIN.
  case severalPINs
  case wrongPIN
  /// Wrong, and so late that a newer PIN may have been sent since.
  case wrongOrOldPIN
  case tooManyWrongPINs
  /// Of a request whose place another one has taken.
  case newerPIN
  case tryLimited(TryLimit)
  case expired
  /// Right once before, or cancelled: over at the provider before its time.
  case used
  /// Over at the provider, and nobody here knows since when it was running.
  case ended
  case foreignRequest
  /// Begun in another browser, or in this one without its cookie.
  case unbound
  /// Of another provider than the one that is asked now.
  case providerChanged
  case checkFailed(VerifierFailure.Kind)

  // GET verify?…
  /// Not one of ours, or made for another browser.
  case viewForeign
  case viewExpired

  // POST signout
  case signedOut

  // POST redeem
  case redeemed
  /// Without the site's secret.
  case redeemUnauthorized
  /// Not one of this site's.
  case returnTokenForeign
  case returnTokenExpired
  /// Redeemed before.
  case returnTokenUsed

  // Any request
  case storeFailed(StoreFailure.Kind)
  case notFound
  case methodNotAllowed
  case crossSite
  /// A form of which the browser does not say whose page it was on.
  case originHidden
  case unsupportedType
  case tooLarge
  case lengthMissing
  case malformed
  case overloaded
  case notConfigured
  case malfunction

  /// All of them, for the tests and for whoever wants to see the table.
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
