/// The beginning of a number: what it shares with its neighbors, whom one subscriber of a bulk carrier often owns.
///
/// It identifies nobody, so it shows itself in a log ("+1202555…"); but never write it on one line with the number it
/// was taken from, which shows its end.
public struct NumberPrefix: Sendable, Hashable {
  /// The E.164 digits that are left, country code first, without `+`: at least one.
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
