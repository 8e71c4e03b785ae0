public import Crypto
internal import Encoding
public import Verification

/// Makes and checks the proofs of one site: JSON Web Tokens in the compact form (RFC 7515, section 7.1) of exactly one
/// shape. The first key signs, all of them check.
///
/// The header is one of those that its keys write, compared byte by byte: it is never decoded, and so cannot choose an
/// algorithm, a key or anything else.
public struct ProofRing: Sendable {
  private let keys: [ProofKey]
  private let claims: ProofClaims
  /// What numbers are hashed with.
  private let subjects: SymmetricKey

  /// - Parameters:
  ///   - shared: for HS256, the keys that others check with; none for those that are derived from the ring's.
  ///   - site: what tells this site from another one with the same keys.
  ///   - issuer: what `iss` is; like the audience it must be `isName`.
  ///   - audience: what `aud` is.
  public init(
    _ keyring: Keyring, by algorithm: ProofAlgorithm, shared: [SymmetricKey] = [], site: String, issuer: String,
    audience: String
  ) {
    switch algorithm {
    case .es256: keys = keyring.signingKeys(site: site).map(ProofKey.init(signing:))
    case .hs256:
      let shared = shared.isEmpty ? keyring.keys(for: .sharedProof, site: site) : shared
      keys = shared.map(ProofKey.init(shared:))
    }
    claims = ProofClaims(issuer: issuer, audience: audience)
    // As with counters: a new key in front changes nobody's name.
    guard let last = keyring.keys(for: .subject, site: site).last else { preconditionFailure("a keyring has a key") }
    subjects = last
  }

  /// What an issuer and an audience can be called: printable ASCII without blanks, quotes and backslashes.
  public static func isName(_ text: String) -> Bool { ProofClaims.isPlain(text) }

  /// No longer text is looked at; in bytes.
  public static let longestToken = 512

  /// The name of a number at this site: 96 bits of a keyed hash, so that nobody else can find the number by trying.
  public func subject(of number: PhoneNumber) -> String { subject(.number, number.digits) }

  /// The name of a user whose own does not fit; it begins with a tilde, which the name of a number has not.
  public func subject(ofUser user: String) -> String { "~" + subject(.user, user) }

  private enum SubjectKind: String {
    case number, user
  }

  private func subject(_ kind: SubjectKind, _ text: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array("\(kind.rawValue)\0\(text)".utf8), using: subjects)
    return Base64URL.encode(Array(code.prefix(12)))
  }

  /// - Returns: nil when the library cannot sign.
  public func token(_ proof: Proof) -> String? {
    let signed = keys[0].beginning + Base64URL.encode(claims.write(proof)).utf8
    guard let signature = keys[0].signature(of: signed) else { return nil }
    return String(decoding: signed, as: UTF8.self) + "." + Base64URL.encode(signature)
  }

  /// What a token says, if it is one of this site's own; nil whatever else it is. Whether it is over is for the caller to
  /// say.
  ///
  /// What is wrong with a token that has the right form cannot be told by how long this takes: signature and claims are
  /// looked at, both, in each case.
  public func open(_ token: String) -> Proof? {
    let bytes = Array(token.utf8)
    guard bytes.count <= Self.longestToken, let key = keys.first(where: { bytes.starts(with: $0.beginning) }) else {
      return nil
    }
    // Base64 without padding, behind the second dot.
    let length = (key.algorithm.signatureLength * 4 + 2) / 3
    let dot = bytes.count - length - 1
    guard dot > key.beginning.count, bytes[dot] == UInt8(ascii: "."),
      let content = Self.decode(bytes[key.beginning.count..<dot]), let signature = Self.decode(bytes[(dot + 1)...])
    else { return nil }
    let isValid = key.isValid(signature, of: Array(bytes[..<dot]))
    let proof = claims.read(content)
    return isValid ? proof : nil
  }

  private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    Base64URL.decode(String(decoding: text, as: UTF8.self))
  }

  /// The keys that others check with, as a JWK Set (RFC 7517, section 5): none where they are shared secrets.
  public var publicKeys: [UInt8] {
    Array(#"{"keys":[\#(keys.compactMap(\.publicJWK).joined(separator: ","))]}"#.utf8)
  }

  /// What a site's own code checks proofs with, a text for each key: public keys in PEM, or **secret** ones in base64.
  public var checkingTexts: [String] { keys.map(\.checkingText) }
}

extension Keyring {
  /// The keys that sign proofs, in the ring's order: private keys on P-256, derived like all others.
  func signingKeys(site: String) -> [P256.Signing.PrivateKey] {
    // One in 2^32 numbers of so many bits is none of a key (FIPS 186-4, section B.4.2): then the next one is taken.
    let candidates = (0..<4).map { keys(for: .signedProof, site: $0 == 0 ? site : "\(site)\0\($0)") }
    return candidates[0].indices.map { index in
      for keys in candidates {
        let key = unsafe keys[index].withUnsafeBytes { unsafe try? P256.Signing.PrivateKey(rawRepresentation: $0) }
        if let key { return key }
      }
      preconditionFailure("four numbers in a row that are no key")
    }
  }
}
