/// Whose pages they are: what a site's owner sets so that no template needs to be edited.
public struct Brand: Sendable, Hashable {
  /// The name above each page and in its title; empty for none.
  public let name: String
  /// The logo's path on the same host, "/logo.svg". It takes the name's place above the page.
  public let logoPath: String?
  /// The color of buttons and links; nil for the style sheet's own.
  public let color: Color?

  /// - Parameter logoPath: left out when it is not what `isLogoPath` accepts: the program's settings say so before.
  public init(name: String = "", logoPath: String? = nil, color: Color? = nil) {
    self.name = name
    self.logoPath = logoPath.flatMap { Self.isLogoPath($0) ? $0 : nil }
    self.color = color
  }

  /// Whether this is an absolute path on the pages' own host, which is all that their content security policy lets a
  /// browser fetch: "/" and then printable ASCII without blanks, quotes, backslashes and angle brackets, at most 256
  /// bytes, and not "//", which would begin another host's name.
  public static func isLogoPath(_ text: String) -> Bool {
    let forbidden = Set("\"'<>\\`".utf8)
    return text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= 256
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !forbidden.contains($0) }
  }
}
