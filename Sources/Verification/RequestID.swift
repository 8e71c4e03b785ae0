/// The provider's name for one running verification: 1 to 64 letters, digits, hyphens or underscores.
///
/// Vonage v1 uses 32 lower-case hexadecimal digits; other providers use UUIDs or prefixed ids. The alphabet is small
/// enough that an id can be put in a form body or a path without escaping.
public struct RequestID: Sendable, Hashable {
  public let value: String

  /// - Returns: nil when the text is empty, longer than 64 bytes or has a character outside the alphabet.
  public init?(_ value: String) {
    guard (1...64).contains(value.utf8.count), value.utf8.allSatisfy(Self.isAllowed) else { return nil }
    self.value = value
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension RequestID: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The first eight characters: enough to find a request in the provider's dashboard, too few to check a code with.
  public var description: String { "\(Substring(value.utf8.prefix(8)))…" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
