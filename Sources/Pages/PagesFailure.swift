/// The templates in a folder cannot be used. Everything that is wrong with them is reported at once.
public struct PagesFailure: Error, Sendable, CustomStringConvertible {
  /// One mistake in one template.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, "pin.mustache"; the folder's path if the problem concerns all templates.
    public let file: String
    /// The line, counted from 1; nil if no line can be read.
    public let line: Int?
    /// What is wrong and what to do about it.
    public let advice: String

    /// "pin.mustache:12: …", the format of compilers, which editors understand.
    public var description: String {
      line.map { "\(file):\($0): \(advice)" } ?? "\(file): \(advice)"
    }
  }

  /// At least one, in the order of the templates.
  public let problems: [Problem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
