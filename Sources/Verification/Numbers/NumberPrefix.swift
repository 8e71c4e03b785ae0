/// The beginning of a number, which it shares with its neighbors; a subscriber of a bulk carrier often owns them all.
///
/// It identifies nobody, so it may appear in a log ("+1202555…"); but never log it on the same line as the number that
/// it was taken from, which shows its end.
public struct NumberPrefix: Sendable, Hashable {
  /// The remaining E.164 digits, country code first, without `+`: at least one.
  public let digits: String

  /// How much of a number is left out.
  public enum Width: Int, Sendable, Hashable, CaseIterable {
    /// 10,000 numbers: all but the last four digits.
    case tenThousand = 4
    /// 1,000,000 numbers: all but the last six digits.
    case million = 6
  }

  public init(of number: PhoneNumber, width: Width) {
    digits = String(number.digits.dropLast(width.rawValue))
  }
}

extension NumberPrefix: CustomStringConvertible {
  public var description: String { "+" + digits + "…" }
}
