internal import CPhoneNumber
internal import Verification

/// What libphonenumber makes of digits, in PinGate's terms.
enum LibraryReading {
  /// A number of some range of some country, or of none. Whether it gets a PIN is not the library's business.
  case valid(e164: UInt64, kind: PingatePhoneKind, country: Country?)
  case refused(NumberRefusal)

  /// - Parameters:
  ///   - dialed: ASCII digits, with a leading `+` or not.
  ///   - country: where they are dialed; nil stands for nowhere, which only a `+` gets along with.
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
    // Nothing that a visitor types should come to this. If it does, that number gets no PIN.
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

  /// Whether it belongs to a mobile telephone, as far as its country tells the two apart.
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
