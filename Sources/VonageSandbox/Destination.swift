internal import Encoding

/// The digits that Vonage makes of the parameters `number` and `country`.
enum Destination {
  /// - Parameter region: two letters in either case, or nil when the number must be international already.
  /// - Returns: 7 to 15 digits with the country code first and without `+`, or nil when `number` is not one.
  static func digits(of number: String, in region: String?) -> String? {
    guard let region else { return isInternational(number) ? number : nil }
    guard let code = CallingCodes.code(of: region.uppercased()) else { return nil }
    return formatted(number, callingCode: code)
  }

  /// Vonage's own formatting is not published; this reads what people write. Separators are dropped. `+` or `00` leads
  /// an international number; so does the calling code itself when at least eight digits follow. Else one trunk zero is
  /// dropped, except where it is part of the number (Italy and its neighbors).
  private static func formatted(_ number: String, callingCode: String) -> String? {
    var rest = Substring(String(number.filter { !" -.()/".contains($0) }))
    if rest.hasPrefix("+") || rest.hasPrefix("00") {
      rest = rest.drop { $0 == "+" || $0 == "0" }
    } else if !(rest.hasPrefix(callingCode) && rest.utf8.count >= callingCode.utf8.count + 8) {
      if rest.hasPrefix("0"), !["39", "378"].contains(callingCode) { rest = rest.dropFirst() }
      rest = callingCode + rest
    }
    let digits = String(rest)
    return isInternational(digits) && digits.hasPrefix(callingCode) ? digits : nil
  }

  private static func isInternational(_ number: String) -> Bool {
    (7...15).contains(number.utf8.count) && number.utf8.areDigits && !number.hasPrefix("0")
  }
}
