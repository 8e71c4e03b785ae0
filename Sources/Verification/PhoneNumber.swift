/// A phone number as E.164 digits: country code first, no `+`, 7 to 15 digits (ITU-T E.164, section 6).
///
/// It exists only if it could be read. It never appears whole in a log, a dump or an interpolated string.
public struct PhoneNumber: Sendable, Hashable {
  /// The digits without `+`, as providers take them. This is the only access to the whole number, so its uses are the
  /// places to audit.
  public let digits: String

  /// Creates the number with these E.164 digits, as normalized by a numbering plan or returned by `digits`.
  ///
  /// - Returns: nil unless they are 7 to 15 ASCII digits of which the first is not 0.
  public init?(e164 digits: String) {
    guard (7...15).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    self.digits = digits
  }
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The number with all but its last two digits hidden.
  public var description: String {
    String(repeating: "*", count: digits.utf8.count - 2) + Substring(digits.utf8.suffix(2))
  }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
