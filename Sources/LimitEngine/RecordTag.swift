internal import Limits

/// Of which kind a record of a row is. The numbers are in the files: never change one.
struct RecordTag: Sendable, Hashable {
  let rawValue: UInt8

  /// A counter, or a guard's state.
  static func row(_ row: LimitRow) -> RecordTag { RecordTag(rawValue: row.tag) }

  /// The limiter's clock.
  static let clock = RecordTag(rawValue: 128)
  /// The sends to a number that were charged and have not ended.
  static let pending = RecordTag(rawValue: 129)
  /// A form that was sent, and its answer.
  static let nonce = RecordTag(rawValue: 130)
  /// The answers to a number's latest sends, by browser.
  static let running = RecordTag(rawValue: 131)
  /// That a request was claimed.
  static let claimed = RecordTag(rawValue: 132)
  /// The browsers that a number was verified in.
  static let known = RecordTag(rawValue: 133)
}

extension LimitRow {
  /// At most 127.
  fileprivate var tag: UInt8 {
    switch self {
    case .requestResends: 1
    case .requestCancels: 2
    case .numberHour: 3
    case .numberDay: 4
    case .knownHour: 5
    case .knownDay: 6
    case .prefix4Hour: 7
    case .prefix4Day: 8
    case .prefix6Hour: 9
    case .countryHour: 10
    case .addressMinute: 11
    case .addressHour: 12
    case .addressDay: 13
    case .netHour: 14
    case .browserHour: 15
    case .siteHour: 16
    case .siteDay: 17
    case .prefix4Conversion: 18
    case .prefix6Conversion: 19
    case .countryConversion: 20
    case .codeWrong: 21
    case .requestWrong: 22
    case .numberWrongHour: 23
    case .numberWrongDay: 24
    case .numberWrongTotal: 25
    case .knownWrongHour: 26
    case .knownWrongDay: 27
    case .knownWrongTotal: 28
    case .addressTries: 29
    case .addressWrongHour: 30
    case .netWrongHour: 31
    case .browserTries: 32
    case .siteWrongHour: 33
    }
  }
}
