internal import Encoding
public import Verification

/// What a proof says: that its holder has proved control of a phone number, when, how and for what purpose.
///
/// These are the claims of a JSON Web Token (RFC 7519), except for `iss` and `aud`, which are the site's (`ProofRing`). The
/// number is not among them.
public struct Proof: Sendable, Hashable {
  /// How control was proved (`amr`; RFC 8176).
  public struct Methods: Sendable, Hashable {
    /// How the code was delivered. RFC 8176 has no values for other ways.
    public enum Delivery: String, Sendable, Hashable, CaseIterable {
      case text = "sms"
      case call = "tel"
      case other = "otp"
    }

    public let delivery: Delivery
    /// Whether the web server had checked a password first.
    public let hasPassword: Bool

    public init(_ delivery: Delivery, hasPassword: Bool = false) {
      self.delivery = delivery
      self.hasPassword = hasPassword
    }

    /// The values of `amr`.
    public var names: [String] { hasPassword ? ["pwd", delivery.rawValue, "mfa"] : [delivery.rawValue] }

    public static let all = Delivery.allCases.flatMap { [Methods($0), Methods($0, hasPassword: true)] }
  }

  /// Who holds it (`sub`): a keyed hash of the number, or the site's own name for the user.
  public let subject: String
  public let issuedAt: Timestamp
  public let expiresAt: Timestamp
  /// When control was proved (`auth_time`): no later than the proof was issued.
  public let authenticatedAt: Timestamp
  /// Identifies it (`jti`): 48 random bits in base64url.
  public let id: String
  public let methods: Methods
  /// The purpose that it is good for; empty for folders that ask for none.
  public let purpose: String

  /// - Precondition: `isSubject(subject)`, and `purpose` is empty or `isPurpose(purpose)`.
  public init(
    subject: String, issuedAt: Timestamp, expiresAt: Timestamp, authenticatedAt: Timestamp? = nil,
    id: String = Proof.newID(), methods: Methods, purpose: String = ""
  ) {
    precondition(
      Self.isSubject(subject) && (purpose.isEmpty || Self.isPurpose(purpose)), "not a proof's subject and purpose")
    self.subject = subject
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.authenticatedAt = authenticatedAt ?? issuedAt
    self.id = id
    self.methods = methods
    self.purpose = purpose
  }

  /// Whether a name can be a subject unchanged: 1 to 24 letters, digits and `. _ - ~ @ +`; short, to keep the cookie short.
  public static func isSubject(_ text: String) -> Bool {
    (1...longestSubject).contains(text.utf8.count) && text.utf8.allSatisfy(isSubjectByte)
  }

  public static let longestSubject = 24

  static func isSubjectByte(_ byte: UInt8) -> Bool {
    byte.isUnreserved || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+")
  }

  /// Whether a name can be a purpose: a lowercase letter, then up to 15 lowercase letters, digits and hyphens. It is part of the
  /// cookie's name, so it is short and plain. How long one can be at a site depends on the length of the site's proofs
  /// (`ProofRing.tokenLength`).
  public static func isPurpose(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return text.utf8.count <= longestPurpose && text.utf8.allSatisfy(isPurposeByte)
  }

  static func isPurposeByte(_ byte: UInt8) -> Bool {
    byte.isDigit || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
  }

  public static let longestPurpose = 16

  public static func newID() -> String {
    Base64URL.encode(Array(UInt64.random(in: .min ... .max).bigEndianBytes.prefix(6)))
  }

  static let idLength = 8
}
