public import Crypto

/// The owner's secret keys. The first one seals and all of them open, so that keys can be rotated without turning away
/// visitors whose form was sealed with an old one.
///
/// No key is used directly: each use and each site derives its own from it (HKDF, RFC 5869), so that what is sealed for
/// one purpose, or at one site, cannot be opened for any other.
public struct Keyring: Sendable {
  private let keys: [SymmetricKey]

  /// - Parameter keys: one or more keys of 32 random bytes, the one in use first.
  /// - Returns: nil if there are no keys, or if one has another length.
  public init?(_ keys: [SymmetricKey]) {
    guard !keys.isEmpty, keys.allSatisfy({ $0.bitCount == 256 }) else { return nil }
    self.keys = keys
  }

  /// What a derived key is for. Never change a raw value: it goes into the key.
  package enum Purpose: String {
    case pendingAttempt = "pingate.pending-attempt.v1"
    case form = "pingate.form.v1"
    case leftAttempt = "pingate.left-attempt.v1"
    case pageView = "pingate.page-view.v1"
    case counters = "pingate.counters.v1"
    case decoys = "pingate.decoys.v1"
    case returnToken = "pingate.return-token.v1"
    case signedProof = "pingate.proof.es256.v1"
    case sharedProof = "pingate.proof.hs256.v1"
    case subject = "pingate.subject.v1"
    case entry = "pingate.entry.v1"
    case challenge = "pingate.challenge.v1"
    case shownForm = "pingate.shown-form.v1"
  }

  /// The keys for one purpose at one site, in the ring's order.
  package func keys(for purpose: Purpose, site: String) -> [SymmetricKey] {
    let info = Array("\(purpose.rawValue)\0\(site)".utf8)
    return keys.map { HKDF<SHA256>.deriveKey(inputKeyMaterial: $0, info: info, outputByteCount: 32) }
  }
}
