/// A PIN as typed by the visitor: 4 to 10 digits. It never appears in a log, a dump or an interpolated string.
public struct Code: Sendable, Hashable {
  /// ASCII digits. This is the only access to them, so its uses are the places to audit.
  public let digits: String
}

extension Code: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "******" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
