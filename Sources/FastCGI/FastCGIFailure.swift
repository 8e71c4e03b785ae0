/// Why a server could not be set up: for the operator, never for a visitor.
public struct FastCGIFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable name, such as "listen.inUse".
  public let code: String
  /// What was tried, what went wrong and what to do, in a sentence.
  public let description: String

  init(_ code: String, _ description: String) {
    self.code = code
    self.description = description
  }
}
