/// Whose pages they are: what the owner can set without editing a template.
public struct Brand: Sendable, Hashable {
  /// The name above each page and in its title; empty for none.
  public let name: String
  /// The logo's path on the same host, "/logo.svg". The logo replaces the name above the page.
  public let logoPath: String?
  /// The color of buttons and links; nil for the style sheet's own.
  public let color: Color?

  /// - Parameter logoPath: ignored unless `isLogoPath` accepts it; the settings have reported that before.
  public init(name: String = "", logoPath: String? = nil, color: Color? = nil) {
    self.name = name
    self.logoPath = logoPath.flatMap { Self.isLogoPath($0) ? $0 : nil }
    self.color = color
  }

  /// Whether this is an absolute path on the pages' own host, which is all that their content security policy lets a browser
  /// fetch: "/" and then printable ASCII without spaces, quotes, backslashes, and angle brackets, at most 256 bytes, and not "//",
  /// which would begin another host's name.
  public static func isLogoPath(_ text: String) -> Bool {
    let forbidden = Set("\"'<>\\`".utf8)
    return text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= 256
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !forbidden.contains($0) }
  }
}
