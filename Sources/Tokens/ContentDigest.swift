internal import Crypto

/// The SHA-256 of a content (FIPS 180-4), which names it in a header: for validators and content security policies.
package enum ContentDigest {
  /// 32 bytes.
  package static func of(_ content: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: content)) }
}
