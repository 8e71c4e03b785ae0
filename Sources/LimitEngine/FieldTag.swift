internal import Limits

/// Of which kind a field of a record is. The numbers are in the files: never change one.
struct FieldTag: Sendable, Hashable {
  let rawValue: UInt8

  /// A counter, or a ration's state.
  static func limit(_ limit: LimitID) -> FieldTag { FieldTag(rawValue: limit.tag) }

  /// The limiter's clock.
  static let clock = FieldTag(rawValue: 128)
  /// A form that was sent, and its answer.
  static let nonce = FieldTag(rawValue: 130)
  /// The answers to a number's latest sends, by browser.
  static let running = FieldTag(rawValue: 131)
  /// That the one success of a request was consumed.
  static let consumed = FieldTag(rawValue: 132)
  /// The browsers that a number was verified in, which are trusted with it.
  static let trusted = FieldTag(rawValue: 133)
  /// Which messages wait in an outbox.
  static let outbox = FieldTag(rawValue: 134)
  /// One of them.
  static let message = FieldTag(rawValue: 135)
  /// What an address, a net or a range has verified of late.
  static let credit = FieldTag(rawValue: 136)
  /// That a number has given credit of late.
  static let credited = FieldTag(rawValue: 137)
  /// What a net has left unverified of late.
  static let debt = FieldTag(rawValue: 139)
  /// The messages that went first with a proof of a subject.
  static let proofSends = FieldTag(rawValue: 140)
  /// The messages to a number that its trusted browsers sent without being counted in what is shared out.
  static let trustedSends = FieldTag(rawValue: 141)
  /// The second chances that a net has had, and of which nobody has verified anything.
  static let chances = FieldTag(rawValue: 143)
  /// The sends to a number that have not ended, or that nobody has verified (`OpenSends`).
  // 129 and 142 said less of them.
  static let openSends = FieldTag(rawValue: 144)
  /// How a site's budget is shared out.
  static let budget = FieldTag(rawValue: 138)
}

extension FieldTag {
  /// What is kept of a limit's owner beside it, and is nothing without it.
  static func cleared(with limit: LimitID) -> [FieldTag] {
    switch limit {
    case .siteDay: [.budget]
    case .netHour, .netDay, .netWrongHour: [.credit, .debt, .chances]
    case .numberHour, .numberDay: [.trustedSends]
    default: limit.growsWithCredit ? [.credit] : []
    }
  }
}

extension LimitID {
  /// At most 127.
  // 18 to 20 were breakers.
  fileprivate var tag: UInt8 {
    switch self {
    case .attemptResends: 1
    case .requestCancels: 2
    case .numberHour: 3
    case .numberDay: 4
    case .trustedHour: 5
    case .trustedDay: 6
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
    case .requestWrong: 21
    case .attemptWrong: 22
    case .numberWrongHour: 23
    case .numberWrongDay: 24
    case .numberWrongTotal: 25
    case .trustedWrongHour: 26
    case .trustedWrongDay: 27
    case .trustedWrongTotal: 28
    case .addressTries: 29
    case .addressWrongHour: 30
    case .netWrongHour: 31
    case .browserTries: 32
    case .siteWrongHour: 33
    case .netDay: 34
    case .wideNetDay: 35
    case .prefix4Ration: 36
    case .prefix6Ration: 37
    case .countryRation: 38
    // No fields.
    case .siteShare: 39
    case .sitePace: 40
    case .formAutomated: 41
    }
  }

  init?(tag: UInt8) {
    guard let id = Self.allCases.first(where: { $0.tag == tag }) else { return nil }
    self = id
  }
}
