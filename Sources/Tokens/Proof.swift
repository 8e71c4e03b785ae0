internal import Encoding
public import Verification

/// What a proof says: that whoever holds it has proved control of a phone number, when, how and for what.
///
/// These are the claims of a JSON Web Token (RFC 7519) without `iss` and `aud`, which are the site's (`ProofRing`). No
/// number is among them.
public struct Proof: Sendable, Hashable {
  /// How control was proved (`amr`; RFC 8176).
  public struct Methods: Sendable, Hashable {
    /// By what the code came. Other ways than these two have no value of their own there.
    public enum Delivery: String, Sendable, Hashable, CaseIterable {
      case text = "sms"
      case call = "tel"
      case other = "otp"
    }

    public let delivery: Delivery
    /// Whether the web server had checked a password before.
    public let hasPassword: Bool

    public init(_ delivery: Delivery, hasPassword: Bool = false) {
      self.delivery = delivery
      self.hasPassword = hasPassword
    }

    /// Their values, as `amr` has them.
    public var names: [String] { hasPassword ? ["pwd", delivery.rawValue, "mfa"] : [delivery.rawValue] }

    public static let all = Delivery.allCases.flatMap { [Methods($0), Methods($0, hasPassword: true)] }
  }

  /// Whose it is: a keyed hash of the number, or the site's own name of the user.
  public let subject: String
  public let issuedAt: Timestamp
  public let expiresAt: Timestamp
  /// When control was proved: not later than the proof was issued.
  public let authenticatedAt: Timestamp
  /// Tells it from all others: 48 random bits in base64url.
  public let id: String
  public let methods: Methods
  /// What it is good for; empty for what needs no particular one.
  public let purpose: String

  /// - Precondition: `isSubject(subject)`, and `purpose` is empty or `isPurpose(purpose)`.
  public init(
    subject: String, issuedAt: Timestamp, expiresAt: Timestamp, authenticatedAt: Timestamp? = nil,
    id: String = Proof.newID(), methods: Methods, purpose: String = ""
  ) {
    precondition(
      Self.isSubject(subject) && (purpose.isEmpty || Self.isPurpose(purpose)), "a proof’s subject and purpose")
    self.subject = subject
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
    self.authenticatedAt = authenticatedAt ?? issuedAt
    self.id = id
    self.methods = methods
    self.purpose = purpose
  }

  /// A name that a subject can have as it is: 1 to 24 letters, digits and `. _ - ~ @ +`. Short, so that the cookie is.
  public static func isSubject(_ text: String) -> Bool {
    (1...longestSubject).contains(text.utf8.count) && text.utf8.allSatisfy(isSubjectByte)
  }

  public static let longestSubject = 24

  static func isSubjectByte(_ byte: UInt8) -> Bool {
    byte.isUnreserved || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "+")
  }

  /// A name that a purpose can have: a small letter, and up to 15 more, digits and hyphens. It is part of the name of the
  /// proof's cookie, and so short and plain. How long one can be at a site depends on how long its proofs are
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
