/// How a PIN reaches the visitor.
public enum Channel: String, Sendable, Hashable, CaseIterable {
  /// As the owner has set it up: a text message, unless they chose otherwise.
  case text
  /// A telephone call in which a voice says the PIN.
  case call
}
