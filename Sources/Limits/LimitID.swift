/// The name of one limit: what is counted, and over which time.
///
/// The raw value stands in the log and, in upper case with `_`, in the settings.
public enum LimitID: String, Sendable, Hashable, CaseIterable {
  // Sends.
  case attemptResends = "attempt.resends"
  /// Ends of a given-up request; no setting.
  case requestCancels = "request.cancels"
  case numberHour = "number.hour"
  case numberDay = "number.day"
  case trustedHour = "trusted.hour"
  case trustedDay = "trusted.day"
  case prefix4Hour = "prefix4.hour"
  case prefix4Day = "prefix4.day"
  case prefix6Hour = "prefix6.hour"
  case countryHour = "country.hour"
  case addressMinute = "address.minute"
  case addressHour = "address.hour"
  case addressDay = "address.day"
  case netHour = "net.hour"
  case netDay = "net.day"
  case wideNetDay = "wide_net.day"
  case browserHour = "browser.hour"
  case siteHour = "site.hour"
  case siteDay = "site.day"
  // Messages of a range that nobody verifies.
  case prefix4Ration = "prefix4.ration"
  case prefix6Ration = "prefix6.ration"
  case countryRation = "country.ration"
  // What is left of the budget for those who have verified nothing of late; no settings.
  /// More of them ask than there are messages for.
  case siteShare = "site.share"
  /// They have used up what the budget gives them for now.
  case sitePace = "site.pace"
  /// No person has filled in the form; no setting.
  case formAutomated = "form.automated"
  // Tries of a PIN.
  case requestWrong = "request.wrong"
  case attemptWrong = "attempt.wrong"
  case numberWrongHour = "number.wrong.hour"
  case numberWrongDay = "number.wrong.day"
  case numberWrongTotal = "number.wrong.total"
  case trustedWrongHour = "trusted.wrong.hour"
  case trustedWrongDay = "trusted.wrong.day"
  case trustedWrongTotal = "trusted.wrong.total"
  case addressTries = "address.tries"
  case addressWrongHour = "address.wrong.hour"
  case netWrongHour = "net.wrong.hour"
  case browserTries = "browser.tries"
  case siteWrongHour = "site.wrong.hour"

  /// Whose doing it is that the limit is reached, and so what a visitor may be told of it.
  public enum Scope: Sendable, Hashable {
    /// The visitor's own: tell when to come back.
    case visitor
    /// The number's, which others may have used up too.
    case number
    /// Everybody's: it is not disclosed which.
    case shared
  }

  public var scope: Scope {
    switch self {
    case .attemptResends, .requestCancels, .requestWrong, .attemptWrong, .addressMinute, .addressHour, .addressDay,
      .addressTries,
      .addressWrongHour, .browserHour, .browserTries, .trustedHour, .trustedDay, .trustedWrongHour, .trustedWrongDay,
      .trustedWrongTotal:
      .visitor
    case .numberHour, .numberDay, .numberWrongHour, .numberWrongDay, .numberWrongTotal: .number
    case .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour, .netHour, .netDay, .wideNetDay, .siteHour, .siteDay,
      .prefix4Ration, .prefix6Ration, .countryRation, .siteShare, .sitePace, .formAutomated, .netWrongHour,
      .siteWrongHour:
      .shared
    }
  }

  /// Whether it counts wrong tries only: a right one is given back to it.
  var countsWrongOnly: Bool {
    switch self {
    case .requestWrong, .attemptWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .trustedWrongHour,
      .trustedWrongDay, .trustedWrongTotal, .addressWrongHour, .netWrongHour, .siteWrongHour:
      true
    default: false
    }
  }

  /// Whether it counts how often a visitor asks for messages, whatever the number.
  package var countsAsking: Bool {
    switch self {
    case .addressMinute, .addressHour, .addressDay, .netHour, .netDay, .wideNetDay, .browserHour: true
    default: false
    }
  }

  /// The same of those that count a message whether its browser is trusted or not.
  package var countsWhoeverAsks: Bool { countsAsking && self != .netDay && self != .wideNetDay }

  /// Whether it counts messages that were not verified: a success is given back to it.
  package var countsUnverified: Bool {
    switch self {
    case .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour: true
    default: countsAsking
    }
  }

  /// Whether it admits more where more was verified of late: three messages for each that was (`Credit`). A browser is not
  /// worth any: whoever wants another one has it.
  package var growsWithCredit: Bool { countsUnverified && self != .browserHour }

  /// Those of wrong PINs that no message sent again sets back.
  static let ofOneAttempt: [LimitID] = [.requestWrong, .attemptWrong]
  /// Those of wrong PINs of which a visitor is told how many tries are left.
  static let ofWrongPINs: [LimitID] =
    ofOneAttempt + [
      .numberWrongHour, .numberWrongDay, .numberWrongTotal, .trustedWrongHour, .trustedWrongDay, .trustedWrongTotal,
    ]

  /// Those that are counted by number, without and with the browser.
  package static let ofNumber: [LimitID] = [
    .numberHour, .numberDay, .numberWrongHour, .numberWrongDay, .numberWrongTotal,
  ]
  package static let ofTrustedBrowser: [LimitID] = [
    .trustedHour, .trustedDay, .trustedWrongHour, .trustedWrongDay, .trustedWrongTotal,
  ]
}
