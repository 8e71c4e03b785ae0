internal import HTTPTypes
internal import Logging
internal import Verification

extension OutcomeRow {
  /// The rows about PINs that were entered.
  init(check outcome: Outcome) {
    switch outcome {
    case .verified: self.init(.ok, "check.verified", .info, .status(.success, .verified, .goOn))
    case .pinMissing: self.init(.unprocessableContent, "pin.missing", .info, .pinForm(.field(.pinMissing)))
    case .pinUnreadable: self.init(.unprocessableContent, "pin.unreadable", .info, .pinForm(.field(.pinUnreadable)))
    case .severalPINs: self.init(.unprocessableContent, "pin.several", .info, .pinForm(.field(.pinSeveral)))
    case .wrongPIN: self.init(.unprocessableContent, "check.wrong", .info, .pinForm(.field(.pinWrong)))
    case .wrongOrOldPIN:
      self.init(.unprocessableContent, "check.wrong_or_old", .info, .pinForm(.field(.pinWrongOrOld)))
    case .tooManyWrongPINs: self.init(.gone, "check.too_many", .notice, Self.page(.spent))
    case .newerPIN: self.init(.unprocessableContent, "check.newer", .info, .pinForm(.field(.pinNewer)))
    case .tryLimited(.spent): self.init(.gone, "check.spent", .notice, Self.page(.spent))
    case .tryLimited(.visitor):
      self.init(
        .tooManyRequests, "check.visitor_limited", .notice, .pinForm(.trouble(.checkLimitedVisitor)),
        retryAfter: .seconds(60))
    case .tryLimited(.number):
      self.init(
        .tooManyRequests, "check.number_limited", .warning, .pinForm(.trouble(.checkLimitedNumber)),
        retryAfter: .seconds(3600))
    case .tryLimited(.locked):
      self.init(.forbidden, "check.number_locked", .error, Self.page(.numberLocked, .failure))
    case .tryLimited(.shared):
      self.init(
        .tooManyRequests, "check.shared_limited", .error, .pinForm(.trouble(.checkLimitedShared)),
        retryAfter: .seconds(300))
    case .expired: self.init(.gone, "check.expired", .info, Self.page(.expired))
    case .viewExpired: self.init(.gone, "view.expired", .info, Self.page(.expired))
    case .used: self.init(.gone, "check.used", .notice, Self.page(.used))
    case .ended: self.init(.gone, "check.ended", .notice, Self.page(.ended))
    case .foreignRequest: self.init(.badRequest, "check.foreign", .warning, Self.page(.foreign))
    case .unbound: self.init(.badRequest, "check.unbound", .warning, Self.page(.unbound))
    case .providerChanged: self.init(.gone, "request.provider_changed", .notice, Self.page(.providerChanged))
    // Anybody can request any URL, and it does no harm.
    case .viewForeign: self.init(.badRequest, "view.foreign", .debug, Self.page(.foreign))
    case .checkFailed(let kind):
      self.init(
        failure: kind, code: "check", busy: .pinForm(.trouble(.checkBusy)),
        busyForAMoment: .pinForm(.trouble(.checkBusyMoment)), lost: .pinForm(.trouble(.checkLost)))
    default: preconditionFailure("\(outcome) is not about a PIN")
    }
  }

  /// A page without a form that only leads to the first page.
  static func page(_ message: MessageKey, _ severity: PageSeverity = .attention) -> Page {
    .status(severity, message, .startAgain)
  }
}
