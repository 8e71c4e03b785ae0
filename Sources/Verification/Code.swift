/// A PIN as the visitor typed it: 4 to 10 digits. It never shows itself in a log, a dump or an interpolated string.
public struct Code: Sendable, Hashable {
  /// The digits. The only way to them: look for its uses in a review.
  public let digits: String

  /// The code in a text, where there is just one of 4 to 10 digits.
  public init?(typed text: String) {
    guard case .code(let code) = CodeReading(text, length: 4...10) else { return nil }
    self = code
  }

  /// - Parameter digits: ASCII digits, as many as a code may have.
  init(digits: String) {
    self.digits = digits
  }
}

extension Code: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "******" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
