internal import CPhoneNumber
public import Verification

/// Google's libphonenumber as PinGate's numbering plan.
///
/// How a number without `+` is read, in this order; the first reading that is a valid number counts:
///
/// 1. as somebody in the home country dials it: national form with or without trunk prefix, or the country's own
///    international prefix (00, 011, 0011 and so on), or the home country's code without `+`;
/// 2. when it begins with 00: as if `+` stood for the 00, wherever home is;
/// 3. else as if only the `+` had been left out: 18005551234. That is believed of mobile numbers, and of others with the
///    code of a country that is served, or of home: one digit too many makes many a number into one of somewhere else.
///
/// When none is valid, the visitor is told what is wrong with the first. A valid number's kind is looked at before its
/// country: ranges that several countries have in common (+1 800) belong to none of them.
///
/// Where this differs from the library's own reading: letters are no digits, and nothing but a number may stand in the
/// text (`TypedNumber`); an extension is a refusal; one or two digits are too short, whatever stands between them; a
/// number has 7 to 15 digits (ITU-T E.164), though the library knows longer ones in Germany; what was dialled until some
/// years ago is known (`FormerDialling`). Tests/Differential holds
/// PinGate to these, and to the library's Python port in all the rest.
///
/// libphonenumber is not touched before the first number is read, or `prepare`: it costs some milliseconds once in a
/// process. Its one object is made under a lock and is immutable from then on, but for a cache that has a lock of its own
/// (phonenumberutil.h: `GetInstance`, all methods const).
public struct LibPhoneNumber: NumberingPlan {
  public let countries: ServedCountries
  private let allowed: Set<Country>

  /// - Throws: `UnknownCountries` when the library has no numbers for some of them.
  public init(_ countries: ServedCountries) throws(UnknownCountries) {
    let home = countries.allowed.contains(countries.home) ? [] : [countries.home]
    let unknown = (home + countries.allowed).filter { !KnownCountries.contains($0) }
    guard unknown.isEmpty else { throw UnknownCountries(countries: unknown) }
    self.countries = countries
    allowed = Set(countries.allowed)
  }

  /// The release that the numbering plan is from, like "9.0.43": newer than the library itself. It loads nothing.
  public static var metadataVersion: String {
    unsafe String(cString: pingate_phone_metadata_version())
  }

  /// Makes the library's object if nobody has, and returns when it is made. Meant for a thread that has nothing else to
  /// do; the process must not `exit` meanwhile, which takes the library's parts apart.
  public static func prepare() {
    pingate_phone_prepare()
  }

  public func read(_ typed: String) -> NumberReading {
    do {
      return .accepted(try destination(reading(TypedNumber(typed))))
    } catch {
      return .refused(error)
    }
  }

  public func written(_ number: PhoneNumber) -> String {
    guard let e164 = UInt64(number.digits) else { return "+" + number.digits }
    let written = unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe pingate_phone_format(e164, $0.baseAddress, $0.count) }
    }
    return written.isEmpty ? "+" + number.digits : written
  }

  public func country(of number: PhoneNumber) -> Country? {
    LibraryReading("+" + number.digits, in: nil).country
  }

  public func callingCode(of country: Country) -> String? {
    let code = unsafe pingate_phone_calling_code(country.code)
    return code > 0 ? String(code) : nil
  }

  /// The first reading that is a valid number, or the one to blame.
  private func reading(_ typed: TypedNumber) -> LibraryReading {
    // Whether the library calls two digits a number depends on what stands between them.
    guard typed.digits.utf8.count > 2 else { return .refused(.tooShort) }
    if typed.hasPlus { return LibraryReading("+" + typed.digits, in: nil) }
    let atHome = LibraryReading(typed.digits, in: countries.home)
    if atHome.isValid { return atHome }
    let hasZeros = typed.digits.hasPrefix("00")
    let international = typed.digits.dropFirst(hasZeros ? 2 : 0)
    let abroad = LibraryReading("+" + international, in: nil)
    let isMeant = hasZeros || abroad.isMobile || hasCodeOfOurs(international)
    return abroad.isValid && isMeant ? abroad : atHome
  }

  /// Whether the digits begin with the calling code of a country that is served, or of home.
  private func hasCodeOfOurs(_ digits: Substring) -> Bool {
    ([countries.home] + countries.allowed).contains { callingCode(of: $0).map { digits.hasPrefix($0) } ?? false }
  }

  /// What a reading comes to here: first the number's kind, then its length, last its country.
  private func destination(_ reading: LibraryReading) throws(NumberRefusal) -> Destination {
    switch reading {
    case .refused(let refusal): throw refusal
    case .valid(let e164, let kind, let country):
      let line = try Destination.Line(kind)
      // More than 15 digits: the library knows such landlines in Germany.
      guard e164 != 0 else { throw .tooLong }
      guard let number = PhoneNumber(e164: String(e164)) else { throw .tooShort }
      guard let country, allowed.contains(country) else { throw .wrongCountry }
      return Destination(number: number, country: country, line: line)
    }
  }
}
