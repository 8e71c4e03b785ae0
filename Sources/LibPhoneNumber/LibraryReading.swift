internal import CPhoneNumber
internal import Verification

/// libphonenumber's result for the digits, in PinGate's terms.
enum LibraryReading {
  /// A valid number, in some country or in none. Whether it gets a PIN is decided elsewhere.
  case valid(e164: UInt64, kind: PingatePhoneKind, country: Country?)
  case refused(NumberRefusal)

  /// - Parameters:
  ///   - dialed: ASCII digits, optionally with a leading `+`.
  ///   - country: where they are dialed; nil if unknown, which only works with a `+`.
  init(_ dialed: String, in country: Country?) {
    self.init(asItIs: dialed, in: country)
    guard !isValid, let today = FormerDialing.dropped(from: dialed, in: country?.code) else { return }
    let reading = Self(asItIs: today, in: country)
    if reading.isValid { self = reading }
  }

  private init(asItIs dialed: String, in country: Country?) {
    let reading = unsafe pingate_phone_read(dialed, country?.code ?? "ZZ")
    switch reading.verdict {
    case .valid:
      self = .valid(e164: reading.e164, kind: reading.kind, country: Self.country(reading.region))
    // Nothing that a visitor can type should cause this. If something does, that number gets no PIN.
    case .failed, .notANumber: self = .refused(.unreadable)
    case .unknownCallingCode: self = .refused(.unknownCountryCode)
    case .tooShort: self = .refused(.tooShort)
    case .tooLong: self = .refused(.tooLong)
    case .localOnly: self = .refused(.localOnly)
    case .wrongLength: self = .refused(.wrongLength)
    case .invalid: self = .refused(.notValid)
    }
  }

  var isValid: Bool {
    if case .valid = self { true } else { false }
  }

  var country: Country? {
    if case .valid(_, _, let country) = self { country } else { nil }
  }

  /// Whether it belongs to a mobile phone, as far as its country distinguishes that.
  var isMobile: Bool {
    if case .valid(_, .mobile, _) = self { return true }
    if case .valid(_, .fixedLineOrMobile, _) = self { return true }
    return false
  }

  func isSameNumber(as other: LibraryReading) -> Bool {
    if case .valid(let e164, _, _) = self, case .valid(e164, _, _) = other { true } else { false }
  }

  private static func country(_ region: (CChar, CChar)) -> Country? {
    Country(String(decoding: [UInt8(bitPattern: region.0), UInt8(bitPattern: region.1)], as: UTF8.self))
  }
}

/// Maps each of libphonenumber's number types to a line, or to the reason why it gets no PIN.
extension Destination.Line {
  init(_ kind: PingatePhoneKind) throws(NumberRefusal) {
    switch kind {
    case .mobile, .fixedLineOrMobile: self = .mobile
    case .fixedLine: self = .landline
    case .tollFree: throw .tollFree
    case .premiumRate: throw .premiumRate
    case .sharedCost: throw .sharedCost
    case .voip: throw .voip
    case .personalNumber: throw .personal
    case .pager: throw .pager
    case .uan: throw .organization
    case .voicemail: throw .voicemail
    // The library uses it for numbers that are not valid.
    case .unknown: throw .notValid
    }
  }
}
