/// The name under which somebody has passed the web server's own password check: 1 to 255 bytes of UTF-8 without a colon
/// (RFC 7617, section 2) or a control character.
///
/// Names are compared byte by byte, as the web servers compare them with their password files: to Swift, two spellings of
/// one accented letter are the same text, and to a password file they are two people.
public struct UserName: Sendable, Hashable {
  public let text: String

  /// - Returns: nil for what no password file has. A text that could not be decoded is nobody's name.
  public init?(_ text: String) {
    guard (1...Self.longest).contains(text.utf8.count),
      !text.unicodeScalars.contains(where: {
        $0 == ":" || $0 == "\u{FFFD}" || $0.properties.generalCategory == .control
      })
    else { return nil }
    self.text = text
  }

  /// As Apache's `htpasswd` has it.
  public static let longest = 255

  public static func == (left: UserName, right: UserName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension UserName: CustomStringConvertible {
  public var description: String { text }
}
