internal import Crypto

/// A secret that a caller has to present. It is kept and compared as a digest, so that the time does not reveal how
/// much of it was right.
public struct SharedSecret: Sendable {
  private let digest: SHA256.Digest

  public init(_ text: String) {
    digest = SHA256.hash(data: Array(text.utf8))
  }

  /// Whether the text is the secret.
  public func matches(_ text: String) -> Bool {
    // Digests are compared in constant time (swift-crypto, `safeCompare`).
    SHA256.hash(data: Array(text.utf8)) == digest
  }
}
