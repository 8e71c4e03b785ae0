internal import Crypto
internal import Encoding

/// Tells one browser from another, for counting: 128 random bits that reveal nothing about anybody. The browser keeps
/// it in a cookie.
public struct BrowserID: Sendable, Hashable {
  /// 22 characters of base64url.
  public let text: String

  public init() {
    text = Base64URL.encode([UInt8].random128())
  }

  /// - Returns: nil for a text that the other initializer cannot have made.
  public init?(_ text: String) {
    guard text.utf8.count == Self.length, Base64URL.decode(text)?.count == 16 else { return nil }
    self.text = text
  }

  public static let length = 22

  /// The part of it that a form carries to be bound to this browser: 64 bits of its digest.
  package var tag: [UInt8] { Array(SHA256.hash(data: Array(text.utf8)).prefix(Self.tagLength)) }

  package static let tagLength = 8
}
