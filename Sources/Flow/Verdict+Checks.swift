internal import HTTPTypes
internal import Logging
internal import Verification

extension Verdict {
  /// The rows about PINs that were entered.
  init(check ending: Ending) {
    switch ending {
    case .verified:
      self.init(
        .ok, "check.verified", .info,
        .page(.success, title: "Account verified!", text: ["Your phone number is confirmed."], action: .goOn))
    case .pinMissing:
      self.init(
        .unprocessableContent, "pin.missing", .info,
        .pinForm(.field("Enter the PIN {from the message|that the voice said}.")))
    case .pinUnreadable:
      self.init(
        .unprocessableContent, "pin.unreadable", .info,
        .pinForm(.field("Enter the 6 digits {from the message|that the voice said}, like 123 456.")))
    case .severalPINs:
      self.init(
        .unprocessableContent, "pin.several", .info,
        .pinForm(
          .field(
            "There is more than one number here. Enter only the 6 digits {from the newest message|that the voice said}."
          )))
    case .wrongPIN:
      self.init(
        .unprocessableContent, "check.wrong", .info,
        .pinForm(
          .field("That PIN is not right. {Check the message.|Ask for another call if you are not sure.} {left}")))
    case .wrongOrOldPIN:
      self.init(
        .unprocessableContent, "check.wrong_or_old", .info,
        .pinForm(.field("That PIN is wrong or too old. Enter the 6 digits of the newest {message|call}. {left}")))
    case .tooManyWrongPINs:
      self.init(.gone, "check.too_many", .notice, Self.spent)
    case .newerPIN:
      self.init(
        .unprocessableContent, "check.newer", .info,
        .pinForm(
          .field(
            "{We have sent you a newer PIN|You were called with a newer PIN} since. Enter the 6 digits of the newest {message|call}."
          )))
    case .tryLimited(.spent):
      self.init(.gone, "check.spent", .notice, Self.spent)
    case .tryLimited(.visitor):
      self.init(
        .tooManyRequests, "check.visitor_limited", .notice,
        .pinForm(.trouble("You have tried many PINs in a short time. Try again in {wait}.")), retryAfter: .seconds(60))
    case .tryLimited(.number):
      self.init(
        .tooManyRequests, "check.number_limited", .warning,
        .pinForm(.trouble("Many wrong PINs were entered for this number. Try again in {wait}.")),
        retryAfter: .seconds(3600))
    case .tryLimited(.locked):
      self.init(
        .forbidden, "check.number_locked", .error,
        .page(
          .failure, title: "This number is locked",
          text: [
            "Very many wrong PINs were entered for this number.",
            "To have it opened again, ask the site’s owner.",
          ], action: .startAgain))
    case .tryLimited(.shared):
      self.init(
        .tooManyRequests, "check.shared_limited", .error,
        .pinForm(.trouble("We cannot check PINs right now. Try again in {wait}.")), retryAfter: .seconds(300))
    case .expired: self.init(.gone, "check.expired", .info, Self.expired)
    case .viewExpired: self.init(.gone, "view.expired", .info, Self.expired)
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
    case .foreignRequest: self.init(.badRequest, "check.foreign", .warning, Self.foreign)
    // Anybody can ask for any address, and nothing comes of it.
    case .viewForeign: self.init(.badRequest, "view.foreign", .debug, Self.foreign)
    case .checkFailed(let kind):
      self.init(
        failure: kind, code: "check",
        busy: { .pinForm(.trouble("We could not check your PIN just now. \($0)")) },
        lost: .pinForm(
          .trouble("We asked whether your PIN is right but got no clear answer. Wait a moment and try again."))
      )
    default: preconditionFailure("\(ending) is not about a PIN")
    }
  }

  private static let spent = Words.page(
    .attention, title: "Too many wrong PINs",
    text: [
      "To keep your number safe, this PIN cannot be used any more.",
      "Start again and we will send you a new one.",
    ], action: .startAgain)

  private static let expired = Words.page(
    .attention, title: "This PIN has expired",
    text: [
      "A PIN is good for a few minutes only. Start again and we will send you a new one.",
      "If you have already seen “Account verified!”, there is nothing more to do.",
    ], action: .startAgain)

  private static let foreign = Words.page(
    .attention, title: "We do not recognize this form",
    text: ["It may have been open for too long, or it came from another site. Start again from the first page."],
    action: .startAgain)
}
