public import Crypto
internal import Encoding
public import Verification

/// Makes and checks the proofs of one site: JSON Web Tokens in compact form (RFC 7515, section 7.1), with exactly one layout.
/// The first key signs, and all of them check.
///
/// The header has to be one that the keys write, compared byte by byte: it is never decoded, so it cannot choose an algorithm,
/// a key, or anything else.
public struct ProofRing: Sendable {
  private let keys: [ProofKey]
  private let claims: ProofClaims
  /// What numbers are hashed with: keyed, with nothing hashed yet, which halves the work.
  private let subjects: HMAC<SHA256>

  /// - Parameters:
  ///   - shared: for HS256, the keys shared with whoever checks proofs; empty for keys derived from the ring's.
  ///   - site: the name that tells this site apart from another one with the same keys.
  ///   - issuer: the claim `iss`; like the audience, it must satisfy `isName`.
  ///   - audience: the claim `aud`.
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
    // As for counters: putting a new key in front changes nobody's name.
    guard let last = keyring.keys(for: .subject, site: site).last else { preconditionFailure("a keyring has a key") }
    subjects = HMAC<SHA256>(key: last)
  }

  /// Whether an issuer or an audience can have this name: printable ASCII without spaces, quotes, and backslashes.
  public static func isName(_ text: String) -> Bool { ProofClaims.isPlain(text) }

  /// The longest text that is looked at, in bytes.
  public static let longestToken = 512

  /// The subject for a number at this site: 96 bits of a keyed hash, so that nobody else can find the number by trial.
  public func subject(of number: PhoneNumber) -> String { subject(.number, number.digits) }

  /// The subject for a user whose own name does not fit: a tilde, which a number's subject never begins with, and 60 bits of a
  /// keyed hash. A site has thousands of users, not millions.
  public func subject(ofUser user: String) -> String {
    "~" + subject(.user, user).prefix(Self.userSubjectLength - 1)
  }

  /// In characters.
  public static let numberSubjectLength = 16
  public static let userSubjectLength = 11

  private enum SubjectKind: String {
    case number, user, mark
  }

  private func subject(_ kind: SubjectKind, _ text: String) -> String {
    Base64URL.encode(Array(hash(kind, Array(text.utf8)).prefix(12)))
  }

  private func hash(_ kind: SubjectKind, _ bytes: [UInt8]) -> HMAC<SHA256>.MAC {
    var code = subjects
    code.update(data: Array("\(kind.rawValue)\0".utf8) + bytes)
    return code.finalize()
  }

  // MARK: Which number

  /// A proof id that looks like any other (`Proof.newID`): half of it is random, and half is a keyed hash of that and
  /// of the verified number. So the holder of the key can tell whether a user's proof was obtained with the number that
  /// the user has now, and nobody else learns anything about the number.
  public func newID(for number: PhoneNumber) -> String {
    id(for: number, Array(UInt32.random(in: .min ... .max).bigEndianBytes.prefix(Self.chanceLength)))
  }

  /// Whether the id of a genuine proof was made for this number. One in 16 million others passes too; nobody can search
  /// for it, because the id is signed along with everything else.
  public func isID(_ id: String, of number: PhoneNumber) -> Bool {
    guard let bytes = Base64URL.decode(id), bytes.count > Self.chanceLength else { return false }
    return self.id(for: number, Array(bytes.prefix(Self.chanceLength))) == id
  }

  private func id(for number: PhoneNumber, _ chance: [UInt8]) -> String {
    let mark = hash(.mark, chance + Array(number.digits.utf8)).prefix(Self.chanceLength)
    return Base64URL.encode(chance + mark)
  }

  /// The length of each half of an id, in bytes.
  private static let chanceLength = 3

  /// - Returns: nil if the library cannot sign.
  public func token(_ proof: Proof) -> String? {
    let signed = keys[0].beginning + Base64URL.encode(claims.write(proof)).utf8
    guard let signature = keys[0].signature(of: signed) else { return nil }
    return String(decoding: signed, as: UTF8.self) + "." + Base64URL.encode(signature)
  }

  /// The length of a token in bytes, for a subject and a purpose of these lengths in characters, with the longest `amr`.
  public func tokenLength(subject: Int, purpose: Int, hasPassword: Bool) -> Int {
    let content = claims.length(subject: subject, purpose: purpose, hasPassword: hasPassword)
    return keys[0].beginning.count + Self.encodedLength(content) + 1
      + Self.encodedLength(keys[0].algorithm.signatureLength)
  }

  /// The length of base64 without padding.
  private static func encodedLength(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// A text that looks like one of this site's tokens; its signature has not been checked. Most wrong texts cost no
  /// more than finding out that they are not candidates.
  public struct Candidate: Sendable {
    public let text: [UInt8]
    let key: ProofKey
    let dot: Int
  }

  /// - Returns: nil unless the text has the header of one of the keys, some claims, and a signature of that key's length.
  public func candidate(_ token: String) -> Candidate? {
    let bytes = Array(token.utf8)
    guard bytes.count <= Self.longestToken, let key = keys.first(where: { bytes.starts(with: $0.beginning) }) else {
      return nil
    }
    let dot = bytes.count - Self.encodedLength(key.algorithm.signatureLength) - 1
    guard dot > key.beginning.count, bytes[dot] == UInt8(ascii: ".") else { return nil }
    return Candidate(text: bytes, key: key, dot: dot)
  }

  /// What opening a candidate yields.
  public struct Opened: Sendable {
    private let claims: Proof?
    private let isSigned: Bool

    init(_ claims: Proof?, isSigned: Bool) {
      self.claims = claims
      self.isSigned = isSigned
    }

    /// What the token says, if it is genuine; nil otherwise. The caller checks whether it has expired.
    public var proof: Proof? { isSigned ? claims : nil }
  }

  /// Opens a candidate. The time that this takes does not reveal what is wrong with it: signature and claims are always
  /// both examined. The claims are returned, inaccessible, even if the signature is wrong, because freeing them takes
  /// time too.
  ///
  /// - Returns: nil for text that is not base64url.
  public func open(_ candidate: Candidate) -> Opened? {
    let (text, dot) = (candidate.text, candidate.dot)
    guard let content = Self.decode(text[candidate.key.beginning.count..<dot]),
      let signature = Self.decode(text[(dot + 1)...])
    else { return nil }
    let isSigned = candidate.key.isValid(signature, of: Array(text[..<dot]))
    return Opened(claims.read(content), isSigned: isSigned)
  }

  /// What a token says; nil if it is not genuine.
  public func open(_ token: String) -> Proof? { candidate(token).flatMap { open($0) }?.proof }

  private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    Base64URL.decode(String(decoding: text, as: UTF8.self))
  }

  /// The public keys as a JWK Set (RFC 7517, section 5): an empty one if the keys are shared secrets.
  public var publicKeys: [UInt8] {
    Array(#"{"keys":[\#(keys.compactMap(\.publicJWK).joined(separator: ","))]}"#.utf8)
  }

  /// What the site's own code checks proofs with, one text for each key: public keys in PEM, or **secret** ones in base64.
  public var checkingTexts: [String] { keys.map(\.checkingText) }
}

extension Keyring {
  /// The signing keys in the ring's order: private keys on P-256, derived like all others.
  func signingKeys(site: String) -> [P256.Signing.PrivateKey] {
    // One in 2^32 numbers of this length is not a valid key (FIPS 186-4, section B.4.2); then the next candidate is
    // used.
    let candidates = (0..<4).map { keys(for: .signedProof, site: $0 == 0 ? site : "\(site)\0\($0)") }
    return candidates[0].indices.map { index in
      for keys in candidates {
        let key = unsafe keys[index].withUnsafeBytes { unsafe try? P256.Signing.PrivateKey(rawRepresentation: $0) }
        if let key { return key }
      }
      preconditionFailure("four numbers in a row that are not valid keys")
    }
  }
}
