internal import HTTPTypes
internal import Logging
internal import Verification

extension Verdict {
  /// The rows about messages that were asked for.
  init(send ending: Ending) {
    switch ending {
    case .sent: self.init(.ok, "start.sent", .info, .pinForm(nil))
    case .alreadyRunning: self.init(.ok, "start.already_running", .notice, .pinForm(.news(Self.notAnother)))
    case .repeated: self.init(.ok, "start.repeated", .info, .pinForm(.news(Self.notAnother)))
    case .numberMissing:
      self.init(.unprocessableContent, "number.missing", .info, .numberForm(.field("Enter your mobile number.")))
    case .numberUnfit(let refusal):
      self.init(.unprocessableContent, refusal.code, .info, .numberForm(.field(Self.words(for: refusal))))
    case .numberRefused:
      self.init(
        .unprocessableContent, "number.refused", .warning, .numberForm(.field(Self.words(for: .unreadable))))
    case .destinationUnsupported:
      self.init(
        .unprocessableContent, "number.unsupported_destination", .notice,
        .numberForm(.field("We cannot reach this number’s network. Enter another number.")))
    case .numberBlocked:
      self.init(
        .unprocessableContent, "number.blocked", .warning,
        .numberForm(.field("We cannot {send messages to|call} this number. Enter another number.")))
    case .landline: self.init(.ok, "number.landline", .info, .callForm)
    case .numberUnclear: self.init(.ok, "number.unclear", .info, .choiceForm)
    case .formTooOld:
      self.init(
        .conflict, "start.form_too_old", .notice,
        .numberForm(
          .trouble(
            "This form has been open for a long time, so we {sent nothing|did not call}. Press the button once more.")))
    case .tooEarlyForNew:
      self.init(
        .tooManyRequests, "start.too_early", .info,
        .numberForm(.trouble("Your last PIN is no longer good. You can get a new one for this number in {wait}.")),
        retryAfter: .seconds(60))
    case .startFailed(let kind):
      self.init(
        failure: kind, code: "start", busy: { .numberForm(.trouble("\(Self.startBusy) \($0)")) },
        lost: .numberForm(.trouble(Self.startLost)), lostFor: Self.usualGap)

    case .sentAgain:
      self.init(
        .ok, "resend.sent", .info,
        .pinForm(
          .news("{We sent another message. If more than one comes, use the newest.|We are calling you now.}")))
    case .tooEarlyAgain:
      self.init(
        .tooManyRequests, "resend.too_early", .info,
        .pinForm(
          .trouble(
            "That was too early: a PIN can take a minute to come. You can {send it again|ask for a call} in {wait}."
          )),
        retryAfter: .seconds(30))
    case .resendExhausted:
      self.init(
        .tooManyRequests, "resend.exhausted", .notice,
        .pinForm(
          .trouble(
            "We cannot {send another message|call you} for now. Wait for the PIN that is on its way, or try again in "
              + "{wait}."
          )
        ),
        retryAfter: .seconds(300))
    case .resendFailed(let kind):
      self.init(
        failure: kind, code: "resend",
        busy: { .pinForm(.trouble("We could not {send another message|call you} just now. \($0)")) },
        lost: .pinForm(
          .trouble(
            "We asked for {another message|a call} but got no clear answer. If one comes, use its PIN; if not, try "
              + "again in {wait}."
          )
        ), lostFor: Self.usualGap)

    case .sendLimited(let limit, let form):
      self.init(
        .tooManyRequests, "\(Self.name(form)).limited_\(limit.rawValue)", limit == .shared ? .warning : .notice,
        Self.form(form, Self.words(for: limit)), retryAfter: .seconds(60))
    case .stillSending(let form):
      self.init(
        .conflict, "\(Self.name(form)).still_sending", .notice,
        Self.form(
          form,
          "{We are still sending your message|We are still asking for your call}. Wait a few seconds and try again: you "
            + "will not get two."))
    case .sendLost(let form):
      self.init(
        .badGateway, "\(Self.name(form)).lost", .error, Self.form(form, Self.startLost), retryAfter: Self.usualGap)
    case .notSent(let form):
      self.init(
        .badGateway, "\(Self.name(form)).not_sent", .notice, Self.form(form, "\(Self.startBusy) \(Self.inAMoment)"))

    case .givenUp:
      self.init(
        .ok, "cancel.given_up", .info,
        .numberForm(.news("We have dropped your last PIN. Correct the number, or enter another one.")))
    default: preconditionFailure("\(ending) is not about a message")
    }
  }

  private static func name(_ form: Ending.Form) -> String {
    switch form {
    case .number: "start"
    case .pin: "resend"
    }
  }

  private static func form(_ form: Ending.Form, _ text: String) -> Words {
    switch form {
    case .number: .numberForm(.trouble(text))
    case .pin: .pinForm(.trouble(text))
    }
  }

  private static func words(for limit: SendLimit) -> String {
    switch limit {
    case .address: "Many {messages|calls} were asked for from your connection in a short time. Try again in {wait}."
    case .browser: "You have asked for many {messages|calls} in a short time. Try again in {wait}."
    case .number: "We cannot {send another message to|call} this number yet. Try again in {wait}."
    case .resends:
      "We cannot {send|call} any more for this PIN. Enter the newest one that you have, or use another number."
    case .shared: "We cannot {send messages|call} right now. Try again in {wait}."
    }
  }

  private static func words(for refusal: NumberRefusal) -> String {
    switch refusal {
    case .unreadable: "Enter the number in digits, with its country code, like +1 202 555 0143."
    case .hasExtension: "We cannot dial extensions. Enter a direct or mobile number without one."
    case .unknownCountryCode: "No country has this country code. Check the digits after the +."
    case .tooShort: "This number is too short. Enter all of its digits."
    case .localOnly: "The area code is missing. Enter the whole number."
    case .tooLong: "This number is too long. Check each digit."
    case .wrongLength: "This number has too few or too many digits. Check each digit."
    case .notValid: "There is no such number. Check each digit; from another country, begin with + and its code."
    case .premiumRate, .sharedCost: "We do not send to numbers with extra charges. Enter your mobile number."
    case .tollFree: "We cannot send to toll-free numbers. Enter your mobile number."
    case .pager: "We cannot send to pagers. Enter your mobile number."
    case .voicemail: "This number leads to voicemail. Enter your mobile number."
    case .organisation: "This number belongs to an organisation. Enter your own mobile number."
    case .personal: "We cannot send to numbers that forward to others. Enter your mobile number."
    case .voip: "We cannot send to internet telephone numbers. Enter your mobile number."
    case .wrongCountry: "We cannot send to numbers of {owner}. Enter another number."
    }
  }

  private static let notAnother =
    "{We already sent you a message a short while ago, so we did not send another. Enter its PIN.|"
    + "We already called you a short while ago, so we did not call again. Enter the PIN that the voice said.}"
  private static let startBusy = "We could not {send your message|call you} just now."
  private static let startLost =
    "We asked for your {message|call} but got no clear answer. Try again in {wait}: if it was {sent|made}, "
    + "you will not get a second one."
  /// Between two messages.
  private static let usualGap = Duration.seconds(60)
}
