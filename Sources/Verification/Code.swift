/// A PIN as the visitor typed it: 4 to 10 digits. It never shows itself in a log, a dump or an interpolated string.
public struct Code: Sendable, Hashable {
  /// ASCII digits. The only way to them: look for its uses in a review.
  public let digits: String
}

extension Code: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "******" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
