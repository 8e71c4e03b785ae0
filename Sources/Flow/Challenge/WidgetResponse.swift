internal import Encoding

/// What a widget gave a visitor, as it may be: looked at before it costs anything.
///
/// Cloudflare documents at most 2,048 characters; hCaptcha's have been seen with 5,000. Both are of letters, digits and what
/// base64, JWTs and UUIDs have besides, among which is nothing that a firewall would take for an attack.
struct WidgetResponse: Sendable, Hashable {
  let text: String

  /// Why something is none, as the log has it.
  enum Flaw: String, Error, Hashable {
    /// The widget's script was not there, or blocked.
    case missing = "no_response"
    case tooLong = "too_long"
    case malformed
  }

  init(_ text: String) throws(Flaw) {
    guard !text.isEmpty else { throw .missing }
    guard text.utf8.count <= Self.longest else { throw .tooLong }
    guard text.utf8.allSatisfy({ $0.isLetterOrDigit || Self.others.contains($0) }) else { throw .malformed }
    self.text = text
  }

  /// More than the longest of either is known to have.
  static let longest = 6_000
  private static let others = Set("-._~+/=:".utf8)
}
