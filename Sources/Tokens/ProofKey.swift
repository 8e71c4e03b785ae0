internal import Crypto
internal import Encoding

/// The algorithm that proofs are signed with (RFC 7518, section 3.1).
public enum ProofAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// ECDSA with P-256 and SHA-256: whoever checks a proof cannot sign one.
  case es256 = "ES256"
  /// HMAC with SHA-256: whoever checks a proof could sign one, too.
  case hs256 = "HS256"

  /// The length of a signature, in bytes.
  var signatureLength: Int {
    switch self {
    case .es256: 64
    case .hs256: 32
    }
  }
}

/// A key that signs and checks proofs. It has one algorithm, and a token has no say in that.
struct ProofKey: Sendable {
  private enum Secret: Sendable {
    case es256(P256.Signing.PrivateKey, P256.Signing.PublicKey)
    case hs256(SymmetricKey)
  }

  private let secret: Secret
  /// Its name (`kid`): part of a digest, which reveals nothing about the key.
  let name: String
  /// What all its tokens begin with: the encoded header and the dot after it.
  let beginning: [UInt8]

  init(signing key: P256.Signing.PrivateKey) {
    let publicKey = key.publicKey
    self.init(.es256(key, publicKey), .es256, digest: SHA256.hash(data: publicKey.rawRepresentation))
  }

  init(shared key: SymmetricKey) {
    let label = Array("pingate.proof.key-name.v1".utf8)
    self.init(.hs256(key), .hs256, digest: HMAC<SHA256>.authenticationCode(for: label, using: key))
  }

  private init(_ secret: Secret, _ algorithm: ProofAlgorithm, digest: some Sequence<UInt8>) {
    self.secret = secret
    name = String(Base64URL.encode(Array(digest.prefix(6))).prefix(Self.nameLength))
    let header = Base64URL.encode(Array(#"{"alg":"\#(algorithm.rawValue)","kid":"\#(name)"}"#.utf8))
    beginning = Array(header.utf8) + [UInt8(ascii: ".")]
  }

  private static let nameLength = 6

  var algorithm: ProofAlgorithm {
    switch secret {
    case .es256: .es256
    case .hs256: .hs256
    }
  }

  /// - Returns: nil if the library cannot sign.
  func signature(of bytes: [UInt8]) -> [UInt8]? {
    switch secret {
    case .hs256(let key): return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    case .es256(let key, _):
      // Half of all signatures are low. That many high ones in a row do not happen.
      for _ in 0..<128 {
        guard let signature = try? key.signature(for: bytes) else { return nil }
        let raw = Array(signature.rawRepresentation)
        if Self.isLow(raw) { return raw }
      }
      return nil
    }
  }

  /// Compares in constant time where that matters: an ECDSA signature is checked with public data only.
  ///
  /// - Parameter signature: as long as the algorithm's signatures are.
  func isValid(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    switch secret {
    case .hs256(let key): return HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: key)
    case .es256(_, let key):
      guard let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
      // Both are evaluated in every case, so that the time does not tell which one is wrong.
      let isLow = Self.isLow(signature)
      return key.isValidSignature(parsed, for: bytes) && isLow
    }
  }

  /// Whether a signature has the lower s: of (r, s) and (r, n - s), which are both valid, only one is ours, so a token has only
  /// one text.
  private static func isLow(_ signature: [UInt8]) -> Bool {
    !halfOrder.lexicographicallyPrecedes(signature[32...])
  }

  /// Half of the order of P-256 (FIPS 186-4, section D.1.2.3).
  private static let halfOrder: [UInt8] = [
    0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xDE, 0x73, 0x7D,
    0x56, 0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8,
  ]

  /// The public key as a JWK (RFC 7517); nil for a key that must stay secret.
  var publicJWK: String? {
    guard case .es256(_, let key) = secret else { return nil }
    let raw = Array(key.rawRepresentation)
    let (x, y) = (Base64URL.encode(Array(raw[..<32])), Base64URL.encode(Array(raw[32...])))
    return #"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)","kid":"\#(name)","alg":"ES256","use":"sig"}"#
  }

  /// What the site's own code checks proofs with: a public key in PEM (RFC 7468), or a shared key in base64.
  var checkingText: String {
    switch secret {
    case .es256(_, let key): key.pemRepresentation
    case .hs256(let key): unsafe key.withUnsafeBytes { unsafe Base64.encode(Array($0)) }
    }
  }
}
