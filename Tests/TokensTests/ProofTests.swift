import Crypto
import Encoding
import Foundation
import Testing
import Verification

@testable import Tokens

private let time = Timestamp(secondsSinceEpoch: 1_800_000_000)

private func keyring(_ bytes: UInt8...) -> Keyring {
  Keyring(bytes.map { SymmetricKey(data: [UInt8](repeating: $0, count: 32)) })!
}

private func ring(
  _ algorithm: ProofAlgorithm = .es256, _ keys: Keyring = keyring(1), shared: [SymmetricKey] = [],
  site: String = "www.example.com", audience: String? = nil
) -> ProofRing {
  ProofRing(keys, by: algorithm, shared: shared, site: site, issuer: "pingate", audience: audience ?? site)
}

private let proof = Proof(
  subject: "AbCdEfGhIjKlMnOp", issuedAt: time, expiresAt: time + .seconds(43_200), id: "0123abcd",
  methods: Proof.Methods(.text))

private func parts(_ token: String) -> [String] { token.split(separator: ".").map(String.init) }

private func text(_ part: String) throws -> String {
  String(decoding: try #require(Base64URL.decode(part)), as: UTF8.self)
}

/// A token with another header, claims or key than a ring makes.
private func forged(
  _ header: String, _ claims: String, _ sign: (Data) throws -> [UInt8]
) rethrows -> String {
  let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
  return signed + "." + Base64URL.encode(try sign(Data(signed.utf8)))
}

@Test(arguments: ProofAlgorithm.allCases, Proof.Methods.all)
func `what is signed is read again`(algorithm: ProofAlgorithm, methods: Proof.Methods) throws {
  let ring = ring(algorithm)
  for purpose in ["", "members", "a-2345678901234z"] {
    let proof = Proof(
      subject: "alice@example.com", issuedAt: time, expiresAt: time + .seconds(60),
      authenticatedAt: time + .seconds(-60), methods: methods, purpose: purpose)
    #expect(ring.open(try #require(ring.token(proof))) == proof)
  }
}

@Test func `a proof is a JSON Web Token with these claims and no number`() throws {
  let token = try #require(ring().token(proof))
  let parts = parts(token)
  #expect(try text(parts[0]).wholeMatch(of: /\{"alg":"ES256","kid":"[A-Za-z0-9_-]{6}"\}/) != nil)
  #expect(
    try text(parts[1])
      == #"{"iss":"pingate","aud":"www.example.com","sub":"AbCdEfGhIjKlMnOp","iat":1800000000,"exp":1800043200,"auth_time":1800000000,"jti":"0123abcd","amr":["sms"]}"#
  )
  #expect(Base64URL.decode(parts[2])?.count == 64)
}

@Test func `a cookie with the longest claims stays below 400 bytes`() throws {
  let longNames = ring(audience: String(repeating: "a", count: 37))
  let longest = Proof(
    subject: longNames.subject(of: PhoneNumber(e164: "12025550143")!), issuedAt: time, expiresAt: time + .seconds(1),
    methods: Proof.Methods(.text, hasPassword: true))
  #expect("__Host-Http-pingate=\(try #require(longNames.token(longest)))".utf8.count < 400)
  #expect(longNames.token(longest)?.utf8.count == longNames.tokenLength(subject: 16, purpose: 0, hasPassword: true))
  let twoFactors = Proof(
    subject: "~123456789012345", issuedAt: time, expiresAt: time + .seconds(1),
    methods: Proof.Methods(.text, hasPassword: true), purpose: "members")
  #expect("__Host-Http-pingate=\(try #require(ring().token(twoFactors)))".utf8.count < 400)
  #expect(ring().token(twoFactors)?.utf8.count == ring().tokenLength(subject: 16, purpose: 7, hasPassword: true))
}

@Test func `signatures are good for CryptoKit’s own check, and have one form of two`() throws {
  let keys = keyring(1).signingKeys(site: "www.example.com")
  for _ in 0..<20 {
    let token = try #require(ring().token(proof))
    let parts = parts(token)
    let raw = try #require(Base64URL.decode(parts[2]))
    let signature = try P256.Signing.ECDSASignature(rawRepresentation: raw)
    #expect(keys[0].publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
    // (r, n - s) is as good for ECDSA, and is not ours.
    let twin = raw[..<32] + negated(Array(raw[32...]))
    #expect(
      keys[0].publicKey.isValidSignature(
        try P256.Signing.ECDSASignature(rawRepresentation: twin), for: Data("\(parts[0]).\(parts[1])".utf8)))
    #expect(ring().open("\(parts[0]).\(parts[1]).\(Base64URL.encode(Array(twin)))") == nil)
  }
}

/// n - s, for the order n of P-256.
private func negated(_ s: [UInt8]) -> [UInt8] {
  let order: [UInt8] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
    0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
  ]
  var result = [UInt8](repeating: 0, count: 32)
  var borrow = 0
  for index in (0..<32).reversed() {
    let difference = Int(order[index]) - Int(s[index]) - borrow
    result[index] = UInt8(truncatingIfNeeded: difference)
    borrow = difference < 0 ? 1 : 0
  }
  return result
}

// MARK: Tampering

@Test(arguments: ProofAlgorithm.allCases) func `no flipped bit goes through`(algorithm: ProofAlgorithm) throws {
  let ring = ring(algorithm)
  let token = Array(try #require(ring.token(proof)).utf8)
  for index in token.indices {
    for bit in 0..<7 {
      var changed = token
      changed[index] ^= 1 << bit
      #expect(ring.open(String(decoding: changed, as: UTF8.self)) == nil, "byte \(index), bit \(bit)")
    }
  }
}

@Test(arguments: ProofAlgorithm.allCases) func `nothing shorter or longer goes through`(algorithm: ProofAlgorithm)
  throws
{
  let ring = ring(algorithm)
  let token = try #require(ring.token(proof))
  for length in 0..<token.utf8.count { #expect(ring.open(String(token.prefix(length))) == nil) }
  for end in ["A", "=", ".", ".A", " ", "\n", "AAAA", token] { #expect(ring.open(token + end) == nil) }
  for start in [" ", ".", "A", "Bearer "] { #expect(ring.open(start + token) == nil) }
  let parts = parts(token)
  for other in [
    "", ".", "..", "...", "\(parts[0])..\(parts[2])", "\(parts[0]).\(parts[1]).", ".\(parts[1]).\(parts[2])",
    "\(parts[0]).\(parts[1])", "\(parts[1]).\(parts[0]).\(parts[2])", "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])",
    "\(parts[0]).\(parts[2]).\(parts[1])", String(repeating: "A", count: 100_000),
  ] {
    #expect(ring.open(other) == nil)
  }
}

@Test func `of an algorithm the token has no say`() throws {
  let ring = ring(.es256)
  let token = try #require(ring.token(proof))
  let (header, claims) = (try text(parts(token)[0]), try text(parts(token)[1]))
  let kid = try #require(header.firstMatch(of: /"kid":"([^"]+)"/)).1
  let key = keyring(1).signingKeys(site: "www.example.com")[0]
  func signed(_ data: Data) throws -> [UInt8] { Array(try key.signature(for: data).rawRepresentation) }

  for none in ["none", "None", "NONE", "nOnE", ""] {
    for signature in [[], [0], [UInt8](repeating: 0, count: 64)] {
      #expect(ring.open(forged(#"{"alg":"\#(none)","kid":"\#(kid)"}"#, claims) { _ in signature }) == nil)
    }
  }
  // The public key for a shared one: the classic confusion (RFC 8725, section 2.1).
  for secret in [Data(key.publicKey.pemRepresentation.utf8), key.publicKey.rawRepresentation] {
    let hmac = { (data: Data) in
      Array(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: secret)))
    }
    #expect(ring.open(forged(#"{"alg":"HS256","kid":"\#(kid)"}"#, claims, hmac)) == nil)
    #expect(ring.open(forged(header, claims, hmac)) == nil)
  }
  // A header of another shape, truly signed.
  for other in [
    #"{"kid":"\#(kid)","alg":"ES256"}"#, #"{"alg":"ES256"}"#, #"{"alg": "ES256","kid":"\#(kid)"}"#,
    #"{"alg":"ES256","kid":"\#(kid)","typ":"JWT"}"#, #"{"alg":"ES256","kid":"\#(kid)","crit":["exp"]}"#,
    #"{"alg":"ES256","kid":"\#(kid)","jwk":{}}"#, #"{"alg":"ES384","kid":"\#(kid)"}"#,
    #"{"alg":"ES256","kid":"other1"}"#,
  ] {
    #expect(ring.open(try forged(other, claims, signed)) == nil)
  }
}

/// Claims in another shape than ours, truly signed with our key: what a bug elsewhere might make.
@Test func `only our own way of writing claims is read`() throws {
  let ring = ring(.hs256)
  let token = try #require(ring.token(proof))
  let (header, claims) = (try text(parts(token)[0]), try text(parts(token)[1]))
  let key = keyring(1).keys(for: .sharedProof, site: "www.example.com")[0]
  func open(_ claims: String) throws -> Proof? {
    ring.open(forged(header, claims) { Array(HMAC<SHA256>.authenticationCode(for: $0, using: key)) })
  }
  #expect(try open(claims) == proof)
  let changes: [(String, String)] = [
    (#""iss":"pingate""#, #""iss":"other""#), (#""aud":"www.example.com""#, #""aud":"www.example.co""#),
    (#""aud":"www.example.com""#, #""aud":["www.example.com"]"#), (#","sub""#, #", "sub""#),
    (#""iat":1800000000"#, #""iat":"1800000000""#), (#""iat":1800000000"#, #""iat":1800000000.0"#),
    (#""iat":1800000000"#, #""iat":18e8"#), (#""iat":1800000000"#, #""iat":-1800000000"#),
    (#""iat":1800000000"#, #""iat":01800000000"#), (#""iat":1800000000"#, #""iat":180000000000"#),
    (#""iat":1800000000"#, #""iat":"#), (#""exp":1800043200"#, #""exp":1800000000"#),
    (#""exp":1800043200"#, #""exp":1799999999"#), (#""exp":1800043200,"#, ""),
    (#""auth_time":1800000000"#, #""auth_time":1800000001"#), (#""jti":"0123abcd""#, #""jti":"0123abc""#),
    (#""jti":"0123abcd""#, #""jti":"0123abcde""#), (#"["sms"]"#, #"["sms","sms"]"#), (#"["sms"]"#, #"[]"#),
    (#"["sms"]"#, #""sms""#), (#"["sms"]"#, #"["pwd"]"#), (#"["sms"]"#, #"["mfa","sms","pwd"]"#),
    ("}", #","purpose":""}"#), ("}", #","purpose":"A"}"#), ("}", #","purpose":"a","purpose":"a"}"#),
    ("}", #","purpose":"a2345678901234567"}"#), ("}", #","purpose":"1a"}"#), ("}", #","admin":true}"#), ("}", "} "),
    ("}", "}}"), ("}", ""),
    (#""sub":"AbCdEfGhIjKlMnOp""#, #""sub":"""#), (#""sub":"AbCdEfGhIjKlMnOp""#, #""sub":"a b""#),
    (#""sub":"AbCdEfGhIjKlMnOp""#, #""sub":"\u0061""#),
    (#""sub":"AbCdEfGhIjKlMnOp""#, #""sub":"1234567890123456789012345""#), ("{", "[{"), ("{", " {"), ("{", "{\"a\":1,"),
  ]
  for (from, to) in changes {
    #expect(claims.contains(from))
    #expect(try open(claims.replacing(from, with: to)) == nil, "\(to)")
  }
}

@Test(arguments: ProofAlgorithm.allCases) func `another site’s proof, or another key’s, is not ours`(
  algorithm: ProofAlgorithm
)
  throws
{
  let token = try #require(ring(algorithm).token(proof))
  #expect(ring(algorithm, site: "other.example.com", audience: "www.example.com").open(token) == nil)
  #expect(ring(algorithm, audience: "other.example.com").open(token) == nil)
  #expect(ring(algorithm, keyring(2)).open(token) == nil)
  #expect(ring(algorithm == .es256 ? .hs256 : .es256).open(token) == nil)
}

@Test(arguments: ProofAlgorithm.allCases) func `the first key signs and all of them check`(algorithm: ProofAlgorithm)
  throws
{
  let old = try #require(ring(algorithm, keyring(1)).token(proof))
  let both = ring(algorithm, keyring(2, 1))
  #expect(both.open(old) == proof)
  let new = try #require(both.token(proof))
  #expect(ring(algorithm, keyring(2)).open(new) == proof)
  #expect(ring(algorithm, keyring(1)).open(new) == nil)
  #expect(ring(algorithm, keyring(2)).open(old) == nil)
}

@Test func `a shared key of the site’s own is used as it is`() throws {
  let secret = SymmetricKey(data: [UInt8](repeating: 9, count: 40))
  let ring = ring(.hs256, shared: [secret])
  let token = try #require(ring.token(proof))
  let parts = parts(token)
  let code = HMAC<SHA256>.authenticationCode(for: Data("\(parts[0]).\(parts[1])".utf8), using: secret)
  #expect(Base64URL.decode(parts[2]) == Array(code))
  #expect(ring.checkingTexts == [Data([UInt8](repeating: 9, count: 40)).base64EncodedString()])
}

// MARK: What others get

@Test func `the published keys are those that sign, and never shared ones`() throws {
  let published = String(decoding: ring(.es256, keyring(1, 2)).publicKeys, as: UTF8.self)
  let keys = keyring(1, 2).signingKeys(site: "www.example.com")
  for key in keys {
    let raw = Array(key.publicKey.rawRepresentation)
    #expect(
      published.contains(
        #""x":"\#(Base64URL.encode(Array(raw[..<32])))","y":"\#(Base64URL.encode(Array(raw[32...])))""#))
  }
  let token = try #require(ring().token(proof))
  let kid = try #require(try text(parts(token)[0]).firstMatch(of: /"kid":"([^"]+)"/)).1
  #expect(published.contains(#""kid":"\#(kid)""#) && published.hasPrefix(#"{"keys":[{"kty":"EC","crv":"P-256""#))
  #expect(String(decoding: ring(.hs256).publicKeys, as: UTF8.self) == #"{"keys":[]}"#)
}

@Test func `a number’s subject stays when a key is put in front, and is another one elsewhere`() throws {
  let number = try #require(PhoneNumber(e164: "12025550143"))
  let subject = ring().subject(of: number)
  #expect(subject.utf8.count == 16 && Proof.isSubject(subject))
  #expect(ring(.hs256, keyring(2, 1)).subject(of: number) == subject)
  #expect(ring(.es256, keyring(2)).subject(of: number) != subject)
  #expect(ring(site: "other.example.com").subject(of: number) != subject)
  #expect(ring().subject(of: try #require(PhoneNumber(e164: "12025550144"))) != subject)
  #expect(ring().subject(ofUser: "12025550143") != "~" + subject)
}

@Test func `an id tells whether it was made for a number, and nothing else`() throws {
  let (number, other) = (try #require(PhoneNumber(e164: "12025550143")), try #require(PhoneNumber(e164: "12025550144")))
  let ids = (0..<50).map { _ in ring().newID(for: number) }
  #expect(Set(ids).count == 50 && ids.allSatisfy { $0.utf8.count == 8 })
  #expect(ids.allSatisfy { ring().isID($0, of: number) && ring(.hs256, keyring(2, 1)).isID($0, of: number) })
  #expect(ids.allSatisfy { !ring().isID($0, of: other) && !ring(.es256, keyring(2)).isID($0, of: number) })
  for wrong in ["", "x", "AAAAAAAA", "0123abcd", ids[0] + "A", String(ids[0].dropLast())] {
    #expect(!ring().isID(wrong, of: number))
  }
}

@Test func `a ticket comes out again, with the longest target too`() throws {
  let seal = TokenSeal<EntryTicket>(keyring(1), site: "a")
  for ticket in [
    EntryTicket(target: ""), EntryTicket(target: "/a?b=%26;", purpose: "members", lostForm: true),
    EntryTicket(target: "/" + String(repeating: "x", count: 4_095), purpose: "a234567890123456", lostForm: true),
  ] {
    let text = try #require(seal.seal(ticket))
    #expect(text.utf8.count <= EntryTicket.longestToken && seal.open(text) == ticket)
    #expect(TokenSeal<EntryTicket>(keyring(1), site: "b").open(text) == nil)
  }
}
