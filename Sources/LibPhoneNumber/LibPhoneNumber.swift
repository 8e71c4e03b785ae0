internal import CPhoneNumber
public import Verification

/// Google's libphonenumber as PinGate's numbering plan.
///
/// A number with `+` means what it says. One without is read in two ways: as somebody in the home country would dial it
/// (in national form with or without trunk prefix, with the country's own international prefix, or with its code
/// without `+`), and as if only the `+` were missing. A leading 00 stands for `+`, wherever home is. Then
///
/// 1. A mobile number takes precedence: "49 172 5555555" is not the landline in the town with area code 0491 that its
///    digits would be in Germany.
/// 2. If both readings are mobile numbers that the site serves, or both are landlines, the visitor is asked
///    (`NumberReading.unclear`). So nobody is called whose number may not have been typed.
/// 3. If neither is served, the visitor is told what is wrong with the national one, unless the other is a mobile
///    number or has the code of a served country: a single extra digit often makes a number look like one from
///    elsewhere.
///
/// A valid number's type is checked before its country: ranges shared by several countries (+1 800) belong to none of
/// them. A number that is valid in a served country belongs to that country, even if a larger neighbor shares its
/// ranges (MA and EH, GP and BL, AU and CX).
///
/// It differs from the library's own parsing in these ways: letters are not digits, and the text may contain only a
/// number (`TypedNumber`); a number with an extension is refused; one or two digits are too short, whatever is between
/// them; a number has 7 to 15 digits (ITU-T E.164), although the library knows longer ones in Germany; and former
/// dialing prefixes are recognized (`FormerDialing`). Tests/Differential holds PinGate to these differences, and to the
/// library's Python port in everything else.
///
/// libphonenumber is not loaded before the first number is read or `prepare` is called: it costs some milliseconds once
/// per process, or a fraction of one with `useExcerpts`. Its only object is created under a lock and immutable from then
/// on, except for a cache that has a lock of its own (phonenumberutil.h: `GetInstance`, all methods const).
public struct LibPhoneNumber: NumberingPlan {
  public let countries: ServedCountries
  private let allowed: Set<Country>

  /// - Throws: `UnknownCountries` if the library has no numbers for some of them.
  public init(_ countries: ServedCountries) throws(UnknownCountries) {
    let home = countries.allowed.contains(countries.home) ? [] : [countries.home]
    let unknown = (home + countries.allowed).filter { !KnownCountries.contains($0) }
    guard unknown.isEmpty else { throw UnknownCountries(countries: unknown) }
    self.countries = countries
    allowed = Set(countries.allowed)
  }

  /// The libphonenumber release that the numbering plan is from, such as "9.0.43"; newer than the library itself.
  /// Nothing is loaded for this.
  public static var metadataVersion: String {
    unsafe String(cString: pingate_phone_metadata_version())
  }

  /// Creates the library's object unless it exists, and returns once it does. Meant for a background thread. The
  /// process must not `exit` in the meantime, because that destroys the library's globals.
  public static func prepare() {
    pingate_phone_prepare()
  }

  /// Has the library made with an excerpt of the numbering plan, which the first number that is read decides on, and with
  /// all of it only if another one needs that: in a process of one thread, before it reads a number. The readings are the same.
  public static func useExcerpts() {
    pingate_phone_use_excerpts()
  }

  /// How many regions of the plan the library has been given for what it was asked last, for tests.
  package static var countOfLoadedRegions: Int { pingate_phone_count_of_loaded_regions() }

  public func read(_ typed: String, isConfirmed: Bool) -> NumberReading {
    let number: TypedNumber
    do {
      number = try TypedNumber(typed)
    } catch {
      return .refused(error)
    }
    // Whether the library accepts two digits as a number depends on what is between them.
    guard number.digits.utf8.count > 2 else { return .refused(.tooShort) }
    let reading =
      number.hasPlus
      ? international(number.digits[...], isConfirmed: isConfirmed) : bare(number, isConfirmed: isConfirmed)
    guard isConfirmed, case .unclear(let found) = reading, let first = found.first else { return reading }
    return .accepted(first)
  }

  public func written(_ number: PhoneNumber) -> String {
    guard let e164 = UInt64(number.digits) else { return "+" + number.digits }
    let written = unsafe String(unsafeUninitializedCapacity: 64) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe pingate_phone_format(e164, $0.baseAddress, $0.count) }
    }
    return written.isEmpty ? "+" + number.digits : written
  }

  public func country(of number: PhoneNumber) -> Country? {
    guard case .valid(let e164, _, let country) = LibraryReading("+" + number.digits, in: nil) else { return nil }
    return served(e164, of: country) ?? country
  }

  public func callingCode(of country: Country) -> String? {
    let code = unsafe pingate_phone_calling_code(country.code)
    return code > 0 ? String(code) : nil
  }

  /// The outcome of a reading at this site: checks the number's type first, then its length, then its country.
  func destination(_ reading: LibraryReading) throws(NumberRefusal) -> Destination {
    switch reading {
    case .refused(let refusal): throw refusal
    case .valid(let e164, let kind, let country):
      let line = try Destination.Line(kind)
      // More than 15 digits: the library knows such landlines in Germany.
      guard e164 != 0 else { throw .tooLong }
      guard let number = PhoneNumber(e164: String(e164)) else { throw .tooShort }
      guard let country = served(e164, of: country) else { throw .wrongCountry }
      return Destination(number: number, country: country, line: line)
    }
  }

  /// The served country that the number belongs to; nil if there is none.
  private func served(_ e164: UInt64, of country: Country?) -> Country? {
    guard let country else { return nil }
    if allowed.contains(country) { return country }
    return countries.allowed.first { unsafe pingate_phone_is_valid_in(e164, $0.code) }
  }
}
