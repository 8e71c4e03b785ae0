internal import HTTPTypes
internal import Logging
internal import Verification

extension OutcomeRow {
  /// The rows about requested messages.
  init(send outcome: Outcome) {
    switch outcome {
    case .userForm: self.init(.ok, "start.user_form", .debug, .userForm)
    case .sent: self.init(.ok, "start.sent", .info, .pinForm(nil))
    case .alreadyRunning: self.init(.ok, "start.already_running", .notice, .pinForm(.news(.startNotAnother)))
    case .repeated: self.init(.ok, "start.repeated", .info, .pinForm(.news(.startNotAnother)))
    case .numberMissing:
      self.init(.unprocessableContent, "number.missing", .info, .numberForm(.field(.numberMissing)))
    case .numberUnfit(let refusal):
      self.init(.unprocessableContent, refusal.code, .info, .numberForm(.field(Self.message(for: refusal))))
    case .numberRefused:
      self.init(.unprocessableContent, "number.refused", .warning, .numberForm(.field(.numberUnreadable)))
    case .destinationUnsupported:
      self.init(
        .unprocessableContent, "number.unsupported_destination", .notice,
        .numberForm(.field(.numberUnsupportedDestination)))
    case .numberBlocked:
      self.init(.unprocessableContent, "number.blocked", .warning, .numberForm(.field(.numberBlocked)))
    case .landline: self.init(.ok, "number.landline", .info, .callForm)
    case .landlineRefused:
      self.init(
        .unprocessableContent, "number.landline_refused", .info, .numberForm(.field(.numberLandlineRefused)))
    case .numberUnclear: self.init(.ok, "number.unclear", .info, .choiceForm)
    case .formTooOld:
      self.init(.conflict, "start.form_too_old", .notice, .numberForm(.trouble(.startFormTooOld)))
    case .tooEarlyForNew:
      self.init(
        .tooManyRequests, "start.too_early", .info, .numberForm(.trouble(.startTooEarly)), retryAfter: .seconds(60))
    case .startFailed(let kind):
      self.init(
        failure: kind, code: "start", busy: .numberForm(.trouble(.startBusy)),
        busyForAMoment: .numberForm(.trouble(.startBusyMoment)), lost: .numberForm(.trouble(.startLost)),
        lostFor: Self.usualCooldown)

    case .sentAgain: self.init(.ok, "resend.sent", .info, .pinForm(.news(.resendSent)))
    case .tooEarlyAgain:
      self.init(
        .tooManyRequests, "resend.too_early", .info, .pinForm(.trouble(.resendTooEarly)), retryAfter: .seconds(30))
    case .resendExhausted:
      self.init(
        .tooManyRequests, "resend.exhausted", .notice, .pinForm(.trouble(.resendExhausted)), retryAfter: .seconds(300))
    case .resendFailed(let kind):
      self.init(
        failure: kind, code: "resend", busy: .pinForm(.trouble(.resendBusy)),
        busyForAMoment: .pinForm(.trouble(.resendBusyMoment)), lost: .pinForm(.trouble(.resendLost)),
        lostFor: Self.usualCooldown)

    case .sendLimited(let limit, let form):
      self.init(
        .tooManyRequests, "\(Self.name(form)).limited_\(limit.rawValue)", limit == .shared ? .warning : .notice,
        Self.form(form, Self.message(for: limit)), retryAfter: .seconds(60))
    case .automated:
      // The same page as for a shared limit, so that nobody learns what gave them away.
      self.init(
        .tooManyRequests, "start.automated", .notice, Self.form(.number, .sendLimitedShared), retryAfter: .seconds(60))
    case .challenged(let form):
      self.init(
        .tooManyRequests, "\(Self.name(form)).challenged", .notice, .challengeForm(form, .news(.sendChallenged)),
        retryAfter: .seconds(60))
    case .challengedAgain(let form):
      self.init(
        .tooManyRequests, "\(Self.name(form)).challenged_again", .notice,
        .challengeForm(form, .trouble(.sendChallengedAgain)), retryAfter: .seconds(60))
    case .waitingInLine(let form):
      self.init(
        .tooManyRequests, "\(Self.name(form)).waiting", .info, .lineForm(form, .news(.sendWaiting)),
        retryAfter: .seconds(60))
    case .stillSending(let form):
      self.init(.conflict, "\(Self.name(form)).still_sending", .notice, Self.form(form, .sendStillSending))
    case .sendLost(let form):
      self.init(
        .badGateway, "\(Self.name(form)).lost", .error, Self.form(form, .startLost), retryAfter: Self.usualCooldown)
    case .notSent(let form):
      self.init(.badGateway, "\(Self.name(form)).not_sent", .notice, Self.form(form, .startBusyMoment))

    case .givenUp: self.init(.ok, "cancel.given_up", .info, .numberForm(.news(.givenUp)))
    default: preconditionFailure("\(outcome) is not about a message")
    }
  }

  private static func name(_ form: Outcome.Form) -> String {
    switch form {
    case .number: "start"
    case .pin: "resend"
    }
  }

  private static func form(_ form: Outcome.Form, _ message: MessageKey) -> Page {
    switch form {
    case .number: .numberForm(.trouble(message))
    case .pin: .pinForm(.trouble(message))
    }
  }

  private static func message(for limit: SendLimit) -> MessageKey {
    switch limit {
    case .address: .sendLimitedAddress
    case .browser: .sendLimitedBrowser
    case .number: .sendLimitedNumber
    case .resends: .sendLimitedResends
    case .shared: .sendLimitedShared
    }
  }

  private static func message(for refusal: NumberRefusal) -> MessageKey {
    switch refusal {
    case .unreadable: .numberUnreadable
    case .hasExtension: .numberHasExtension
    case .unknownCountryCode: .numberUnknownCountryCode
    case .tooShort: .numberTooShort
    case .localOnly: .numberLocalOnly
    case .tooLong: .numberTooLong
    case .wrongLength: .numberWrongLength
    case .notValid: .numberNotValid
    case .premiumRate, .sharedCost: .numberExtraCharges
    case .tollFree: .numberTollFree
    case .pager: .numberPager
    case .voicemail: .numberVoicemail
    case .organization: .numberOrganization
    case .personal: .numberPersonal
    case .voip: .numberVoIP
    case .wrongCountry: .numberWrongCountry
    }
  }

  /// The usual time between two messages.
  private static let usualCooldown = Duration.seconds(60)
}
