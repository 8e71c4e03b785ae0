internal import CPhoneNumber
public import Verification

/// Google's libphonenumber as PinGate's numbering plan.
///
/// A number with `+` is what it says. One without is read twice: as somebody in the home country dials it (national form
/// with or without trunk prefix, the country's own international prefix, or its code without `+`), and as if only the `+`
/// had been left out. 00 in front stands for `+`, wherever home is. Then
///
/// 1. a mobile number goes before any other: "49 172 5555555" is not the landline in a town with the area code 0491 that
///    its digits make in Germany;
/// 2. where both are mobile numbers that the site serves, or both are landlines, the visitor is asked
///    (`NumberReading.unclear`), and so before anybody is called whose number was perhaps not typed;
/// 3. where neither is served, the visitor is told what is wrong with the national one, unless the other is a mobile number,
///    or one with the code of a country that is served: one digit too many makes many a number into one of somewhere else.
///
/// A valid number's kind is looked at before its country: ranges that several countries have in common (+1 800) belong to
/// none of them. One that is valid in a country that is served belongs to it, also where a larger neighbor has the same
/// ranges (MA and EH, GP and BL, AU and CX).
///
/// Where this differs from the library's own reading: letters are no digits, and nothing but a number may stand in the
/// text (`TypedNumber`); an extension is a refusal; one or two digits are too short, whatever stands between them; a
/// number has 7 to 15 digits (ITU-T E.164), though the library knows longer ones in Germany; what was dialed until some
/// years ago is known (`FormerDialing`). Tests/Differential holds
/// PinGate to these, and to the library's Python port in all the rest.
///
/// libphonenumber is not touched before the first number is read, or `prepare`: it costs some milliseconds once in a
/// process, or a fraction of one with `useExcerpts`. Its one object is made under a lock and is immutable from then on, but for a cache that has a lock of its own
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

  /// Has the library made with an excerpt of the numbering plan, which the first number that is read decides on, and with
  /// all of it only if another one needs that: in a process of one thread, before it reads a number. The readings are the same.
  public static func useExcerpts() {
    pingate_phone_use_excerpts()
  }

  public func read(_ typed: String, isConfirmed: Bool) -> NumberReading {
    let number: TypedNumber
    do {
      number = try TypedNumber(typed)
    } catch {
      return .refused(error)
    }
    // Whether the library calls two digits a number depends on what stands between them.
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

  /// What a reading comes to here: first the number's kind, then its length, last its country.
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

  /// The country that is served whose number it is; nil when there is none.
  private func served(_ e164: UInt64, of country: Country?) -> Country? {
    guard let country else { return nil }
    if allowed.contains(country) { return country }
    return countries.allowed.first { unsafe pingate_phone_is_valid_in(e164, $0.code) }
  }
}
