/// A telephone number in E.164 digits: country code first, no `+`, 7 to 15 digits (ITU-T E.164, section 6).
///
/// It exists only if it could be read; it never shows itself whole in a log, a dump or an interpolated string.
public struct PhoneNumber: Sendable, Hashable {
  /// The digits, without `+`, as Vonage takes them. The only way to the whole number: look for its uses in a review.
  public let digits: String

  /// The number that a person typed: digits with an optional leading `+`; blanks, hyphens, dots, slashes and brackets
  /// between them are dropped.
  ///
  /// - Returns: nil when anything else stands in it, or when it has not 7 to 15 digits.
  public init?(typed text: String) {
    guard text.utf8.count <= Self.longestTyped else { return nil }
    var digits = ""
    var sawPlus = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.unicodeScalars.append(scalar)
      case "+" where digits.isEmpty && !sawPlus: sawPlus = true
      case " ", "\u{00A0}", "\t", "-", "\u{2010}", "\u{2011}", ".", "/", "(", ")": continue
      default: return nil
      }
    }
    guard (7...15).contains(digits.utf8.count) else { return nil }
    self.digits = digits
  }

  /// The number with these E.164 digits, as a numbering plan normalised them or `digits` gave them out.
  ///
  /// - Returns: nil unless they are 7 to 15 ASCII digits of which the first is not 0.
  public init?(e164 digits: String) {
    guard (7...15).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.digits = digits
  }

  /// More than any number with its separators needs.
  static let longestTyped = 64
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The number with all but its last two digits hidden.
  public var description: String {
    String(repeating: "*", count: digits.utf8.count - 2) + Substring(digits.utf8.suffix(2))
  }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
