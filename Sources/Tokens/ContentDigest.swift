internal import Crypto

/// The SHA-256 (FIPS 180-4) of some content, for cache validators and content security policies.
package enum ContentDigest {
  /// 32 bytes.
  package static func of(_ content: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: content)) }
}
