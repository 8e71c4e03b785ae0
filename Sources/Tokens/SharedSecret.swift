internal import Crypto

/// A secret that a caller has to name. It is kept, and compared, as a digest: how long that takes tells nothing of how much
/// of it was right.
public struct SharedSecret: Sendable {
  private let digest: SHA256.Digest

  public init(_ text: String) {
    digest = SHA256.hash(data: Array(text.utf8))
  }

  /// Whether the text is the secret.
  public func matches(_ text: String) -> Bool {
    // Digests compare all of their bytes (swift-crypto, `safeCompare`).
    SHA256.hash(data: Array(text.utf8)) == digest
  }
}
