/// One row of the table of limits: what is counted, and over which time.
///
/// The raw value is the row's stable name in the store, in the log and, in upper case with `_`, in the settings.
public enum LimitRow: String, Sendable, Hashable, CaseIterable {
  // Sends.
  case requestResends = "request.resends"
  /// Ends of a given-up request; no setting.
  case requestCancels = "request.cancels"
  case numberHour = "number.hour"
  case numberDay = "number.day"
  case knownHour = "known.hour"
  case knownDay = "known.day"
  case prefix4Hour = "prefix4.hour"
  case prefix4Day = "prefix4.day"
  case prefix6Hour = "prefix6.hour"
  case countryHour = "country.hour"
  case addressMinute = "address.minute"
  case addressHour = "address.hour"
  case addressDay = "address.day"
  case netHour = "net.hour"
  case browserHour = "browser.hour"
  case siteHour = "site.hour"
  case siteDay = "site.day"
  // Sends of which too few lead to a verified number.
  case prefix4Conversion = "prefix4.conversion"
  case prefix6Conversion = "prefix6.conversion"
  case countryConversion = "country.conversion"
  // Tries of a PIN.
  case codeWrong = "code.wrong"
  case requestWrong = "request.wrong"
  case numberWrongHour = "number.wrong.hour"
  case numberWrongDay = "number.wrong.day"
  case numberWrongTotal = "number.wrong.total"
  case knownWrongHour = "known.wrong.hour"
  case knownWrongDay = "known.wrong.day"
  case knownWrongTotal = "known.wrong.total"
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
    case .requestResends, .requestCancels, .codeWrong, .requestWrong, .addressMinute, .addressHour, .addressDay,
      .addressTries,
      .addressWrongHour, .browserHour, .browserTries, .knownHour, .knownDay, .knownWrongHour, .knownWrongDay,
      .knownWrongTotal:
      .visitor
    case .numberHour, .numberDay, .numberWrongHour, .numberWrongDay, .numberWrongTotal: .number
    case .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour, .netHour, .siteHour, .siteDay, .prefix4Conversion,
      .prefix6Conversion, .countryConversion, .netWrongHour, .siteWrongHour:
      .shared
    }
  }

  /// Whether it counts wrong tries only: a right one is given back to it.
  var countsWrongOnly: Bool {
    switch self {
    case .codeWrong, .requestWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .knownWrongHour,
      .knownWrongDay, .knownWrongTotal, .addressWrongHour, .netWrongHour, .siteWrongHour:
      true
    default: false
    }
  }

  /// Whether it counts how often a visitor asks for messages, whatever the number.
  var countsAsking: Bool {
    switch self {
    case .addressMinute, .addressHour, .addressDay, .netHour, .browserHour: true
    default: false
    }
  }

  /// The rows that are counted by number, without and with the browser.
  package static let ofNumber: [LimitRow] = [
    .numberHour, .numberDay, .numberWrongHour, .numberWrongDay, .numberWrongTotal,
  ]
  package static let ofKnownNumber: [LimitRow] = [
    .knownHour, .knownDay, .knownWrongHour, .knownWrongDay, .knownWrongTotal,
  ]
}
