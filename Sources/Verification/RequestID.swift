/// A provider's name for one running verification: 1 to 64 letters, digits, hyphens or underscores. It is unique only
/// at that provider, so it includes which one.
///
/// Vonage v1 uses 32 lower-case hexadecimal digits; other providers use UUIDs or prefixed ids. The alphabet is small
/// enough that an id needs no escaping in a form body or a path.
public struct RequestID: Sendable, Hashable {
  public let value: String
  public let provider: Provider

  /// - Returns: nil if the text is empty, longer than 64 bytes or contains a character outside the alphabet.
  public init?(_ value: String, of provider: Provider) {
    guard (1...64).contains(value.utf8.count), value.utf8.allSatisfy(Self.isAllowed) else { return nil }
    self.value = value
    self.provider = provider
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

/// The name of a provider in logs, settings and sealed attempts: 1 to 16 lower-case letters, digits and hyphens.
public struct Provider: Sendable, Hashable, CustomStringConvertible {
  public let name: String

  /// - Returns: nil if the text is empty, longer than 16 bytes or contains a character outside the alphabet.
  public init?(_ name: String) {
    guard (1...16).contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed) else { return nil }
    self.name = name
  }

  private init(known name: String) {
    self.name = name
  }

  public var description: String { name }

  /// Vonage's Verify API, version 1. Attempts sealed before there was another provider are also its.
  public static let vonageV1 = Provider(known: "vonage-v1")

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
