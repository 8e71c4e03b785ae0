/// A country as distinguished by phone numbers: two upper-case ASCII letters (ISO 3166-1 alpha-2, and the few codes
/// that CLDR adds, such as `XK`). Countries that share a calling code (US and CA, GB and JE, RU and KZ) differ.
public struct Country: Sendable, Hashable {
  public let code: String

  /// Creates the country with this code in any case; "us" is `US`. It does not check that there is such a country.
  ///
  /// - Returns: nil if the text is anything but two ASCII letters.
  public init?(_ code: String) {
    guard code.utf8.count == 2, code.utf8.allSatisfy(Self.isLetter) else { return nil }
    self.code = code.uppercased()
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: false
    }
  }
}

extension Country: Comparable {
  public static func < (left: Country, right: Country) -> Bool { left.code < right.code }
}

extension Country: CustomStringConvertible {
  public var description: String { code }
}
