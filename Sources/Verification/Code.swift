/// A PIN as the visitor typed it: 4 to 10 digits. It never shows itself in a log, a dump or an interpolated string.
public struct Code: Sendable, Hashable {
  /// The digits. The only way to them: look for its uses in a review.
  public let digits: String

  /// The code that a person typed; blanks and hyphens are dropped, because people paste "123 456".
  ///
  /// - Returns: nil when anything else stands in it, or when it has not 4 to 10 digits.
  public init?(typed text: String) {
    guard text.utf8.count <= Self.longestTyped else { return nil }
    var digits = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.unicodeScalars.append(scalar)
      case " ", "\u{00A0}", "\t", "-", "\u{2010}", "\u{2011}": continue
      default: return nil
      }
    }
    guard (4...10).contains(digits.utf8.count) else { return nil }
    self.digits = digits
  }

  static let longestTyped = 40
}

extension Code: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "******" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
