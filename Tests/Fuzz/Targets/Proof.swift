internal import Crypto
internal import Gateway
internal import HTTPTypes
internal import Verification

@testable internal import Gate
@testable internal import Tokens

extension FuzzTarget {
  /// A proof's text in a cookie: none is accepted that was not made here, and none that was changed. And the claims inside,
  /// should somebody have the key: what is read of them, written again, is the same.
  static let proof = FuzzTarget(name: "proof") { input in
    let text = input.text
    for (ring, token) in made {
      let isOurs = text.utf8.elementsEqual(token.utf8)
      try require((ring.open(text) != nil) == isOurs, "a proof that was not made, or one that was and does not open")
      try requireUnforgeable(input, ring, Array(token.utf8))
    }
    try requireOwnCookie(text)
    if let proof = claims.read(input) { try require(claims.write(proof) == input, "claims in two ways of writing") }
  }

  /// A `Cookie` header with proofs for two purposes where the input has `$p` and `$b`: whoever may pass has the one that is
  /// wanted, in the cookie of that purpose.
  private static func requireOwnCookie(_ text: String) throws {
    let header = text.replacing("$p", with: plain).replacing("$b", with: board)
    for (purpose, token) in [("", plain), ("board", board)] {
      let request = Request(
        parameters: ["PINGATE_ROLE": "check", "HTTPS": "on", "HTTP_COOKIE": header, "PINGATE_PURPOSE": purpose],
        body: .bytes([]))
      guard gate.answer(request, at: now)?.status == .noContent else { continue }
      let pair = "\(Gate.cookieName(for: purpose, isSecure: true))=\(token)"
      try require(header.contains(pair), "whoever has no proof for \"\(purpose)\" passes")
    }
  }

  private static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
  private static let gate = Gate(GateSettings(audience: "fuzz"), keyring: keyring, site: "fuzz")
  private static let plain = proofText(for: "")
  private static let board = proofText(for: "board")

  private static func proofText(for purpose: String) -> String {
    let proof = Proof(
      subject: "subject", issuedAt: now, expiresAt: now + .seconds(60), methods: Proof.Methods(.text), purpose: purpose)
    guard let token = gate.ring.token(proof) else { preconditionFailure("a proof") }
    return token
  }

  private static let keyring: Keyring = {
    guard let keyring = Keyring([SymmetricKey(data: [UInt8](repeating: 7, count: 32))]) else {
      preconditionFailure("a key")
    }
    return keyring
  }()

  private static let claims = ProofClaims(issuer: "pingate", audience: "fuzz")

  private static let made: [(ProofRing, String)] = ProofAlgorithm.allCases.map { algorithm in
    let ring = ProofRing(keyring, by: algorithm, site: "fuzz", issuer: "pingate", audience: "fuzz")
    let proof = Proof(
      subject: "subject", issuedAt: now, expiresAt: now + .seconds(60), methods: Proof.Methods(.text))
    guard let token = ring.token(proof) else { preconditionFailure("a proof") }
    return (ring, token)
  }

  /// A proof with bits flipped where the input has some, cut where it is odd.
  private static func requireUnforgeable(_ input: [UInt8], _ ring: ProofRing, _ token: [UInt8]) throws {
    var forged = token
    for (index, byte) in input.prefix(forged.count).enumerated() { forged[index] ^= byte }
    if input.count > forged.count, input[forged.count] & 1 != 0 { forged.removeLast() }
    try require((ring.open(forged.text) != nil) == (forged == token), "a proof was changed, or does not open")
  }
}
