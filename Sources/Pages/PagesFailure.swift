/// The templates of a folder cannot be used. All that is wrong with them is told at once.
public struct PagesFailure: Error, Sendable, CustomStringConvertible {
  /// One thing that is wrong with one template.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, "pin.mustache"; the folder's path when it is about all of them.
    public let file: String
    /// Counted from 1; nil when no line of it can be read.
    public let line: Int?
    /// What is wrong and what to do.
    public let advice: String

    /// "pin.mustache:12: …", as compilers write it and editors understand it.
    public var description: String {
      line.map { "\(file):\($0): \(advice)" } ?? "\(file): \(advice)"
    }
  }

  /// At least one, in the order of the templates.
  public let problems: [Problem]

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
