package import Verification

/// What a site that cannot read the proof's cookie gets in the URL that a visitor returns to, and redeems once for what
/// was proved.
///
/// It is sealed, so that neither the visitor nor a log learns anything from it, and it is short-lived, because URLs end
/// up in histories, logs and referrers.
package struct ReturnToken: Sendable, Hashable {
  package let proof: Proof
  /// Identifies it, so that it is redeemed at most once.
  package let nonce: FormNonce

  package init(_ proof: Proof, nonce: FormNonce = FormNonce()) {
    self.proof = proof
    self.nonce = nonce
  }

  /// How long it is valid, counted from when its proof was issued.
  package static let life: Duration = .seconds(60)

  /// Whether it has expired, or comes from the future because a clock was set back.
  package func isOver(at now: Timestamp) -> Bool {
    let age = now - proof.issuedAt
    return age >= Self.life || age < .zero - Self.life
  }

  /// How long the store must remember that it was redeemed: by then it has expired by any machine's clock.
  package static let rememberedLife: Duration = .seconds(600)
}

extension ReturnToken: TokenContent {
  package static let purpose = Keyring.Purpose.returnToken
  package static let version: UInt8 = 1
  /// More than the longest one needs.
  package static let longestToken = 256

  private enum Field: UInt8 {
    case subject = 1
    case issuedAt = 2
    case expiresAt = 3
    case authenticatedAt = 4
    case id = 5
    case delivery = 6
    case hasPassword = 7
    case purpose = 8
    case nonce = 9
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.subject, proof.subject)
    fields.put(Field.issuedAt, proof.issuedAt)
    fields.put(Field.expiresAt, proof.expiresAt)
    fields.put(Field.authenticatedAt, proof.authenticatedAt)
    fields.put(Field.id, proof.id)
    fields.put(Field.delivery, proof.methods.delivery.rawValue)
    if proof.methods.hasPassword { fields.put(Field.hasPassword, 1) }
    fields.put(Field.purpose, proof.purpose)
    fields.put(Field.nonce, nonce.bytes)
  }

  package init?(_ fields: FieldReader) {
    guard let subject = fields.text(Field.subject), Proof.isSubject(subject),
      let issuedAt = fields.time(Field.issuedAt), let expiresAt = fields.time(Field.expiresAt),
      let authenticatedAt = fields.time(Field.authenticatedAt), let id = fields.text(Field.id),
      let delivery = fields.text(Field.delivery).flatMap({ Proof.Methods.Delivery(rawValue: $0) }),
      let purpose = fields.text(Field.purpose), purpose.isEmpty || Proof.isPurpose(purpose),
      let nonce = FormNonce(Array(fields.bytes(Field.nonce)))
    else { return nil }
    self.init(
      Proof(
        subject: subject, issuedAt: issuedAt, expiresAt: expiresAt, authenticatedAt: authenticatedAt, id: id,
        methods: Proof.Methods(delivery, hasPassword: fields.number(Field.hasPassword) == 1), purpose: purpose),
      nonce: nonce)
  }
}
