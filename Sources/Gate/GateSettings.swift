public import Crypto
public import Tokens
public import Verification

/// The owner's settings for the gate.
public struct GateSettings: Sendable {
  public var algorithm: ProofAlgorithm
  /// For HS256: the keys shared with whoever checks proofs, the first of which signs; empty for derived keys.
  public var sharedKeys: [SymmetricKey]
  /// The claims `iss` and `aud` of the proofs; both satisfy `ProofRing.isName`.
  public var issuer: String
  public var audience: String
  /// How long a proof is good, from its issue.
  public var life: Duration
  /// The same for a visitor who asks to be remembered; nil where that is not offered.
  public var rememberedLife: Duration?
  /// Proofs of earlier verifications do not count; nil if all count.
  public var validSince: Timestamp?
  /// Whether proofs may travel over plain HTTP, other than on the machine itself.
  public var allowsPlainHTTP: Bool
  /// The hosts that a return target may name, in lowercase, with their ports if not the default ones.
  public var returnHosts: Set<String>
  /// Whether a page shows where the visitor would be sent, instead of a redirect.
  public var showsRedirects: Bool

  public init(
    algorithm: ProofAlgorithm = .es256, sharedKeys: [SymmetricKey] = [], issuer: String = GateSettings.usualIssuer,
    audience: String, life: Duration = GateSettings.usualLife,
    rememberedLife: Duration? = GateSettings.usualRememberedLife,
    validSince: Timestamp? = nil, allowsPlainHTTP: Bool = false, returnHosts: Set<String> = [],
    showsRedirects: Bool = false
  ) {
    self.algorithm = algorithm
    self.sharedKeys = sharedKeys
    self.issuer = issuer
    self.audience = audience
    self.life = life
    self.rememberedLife = rememberedLife
    self.validSince = validSince
    self.allowsPlainHTTP = allowsPlainHTTP
    self.returnHosts = returnHosts
    self.showsRedirects = showsRedirects
  }

  /// Short, to keep the cookie short.
  public static let usualIssuer = "pingate"
  public static let usualLife: Duration = .seconds(12 * 3600)
  public static let usualRememberedLife: Duration = .seconds(30 * 86_400)
  /// The most characters that issuer and audience may have together for the cookie to stay below 400 bytes.
  public static let longestNames = 44
}
