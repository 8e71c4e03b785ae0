/// The name of a user whose password the web server has checked: 1 to 255 bytes of UTF-8 without a colon (RFC 7617,
/// section 2) or a control character.
///
/// Names are compared byte by byte, as web servers compare them with their password files: to Swift, two spellings of
/// an accented letter are the same text, but to a password file they are two people.
public struct UserName: Sendable, Hashable {
  public let text: String

  /// - Returns: nil for a name that no password file contains. A text that could not be decoded is not a name.
  public init?(_ text: String) {
    guard (1...Self.longest).contains(text.utf8.count),
      !text.unicodeScalars.contains(where: {
        $0 == ":" || $0 == "\u{FFFD}" || $0.properties.generalCategory == .control
      })
    else { return nil }
    self.text = text
  }

  /// The limit of Apache's `htpasswd`.
  public static let longest = 255

  public static func == (left: UserName, right: UserName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension UserName: CustomStringConvertible {
  public var description: String { text }
}
