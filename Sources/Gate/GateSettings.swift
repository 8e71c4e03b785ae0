public import Crypto
public import Tokens
public import Verification

/// What a site's owner decides about the gate.
public struct GateSettings: Sendable {
  public var algorithm: ProofAlgorithm
  /// For HS256, the keys that others check with; none for derived ones.
  public var sharedKeys: [SymmetricKey]
  /// The claims `iss` and `aud` of its proofs: `ProofRing.isName`.
  public var issuer: String
  public var audience: String
  /// How long a proof is good.
  public var life: Duration
  /// The same where the visitor asks to be remembered; nil where that is not offered.
  public var rememberedLife: Duration?
  /// Since when proofs count; nil for all.
  public var validSince: Timestamp?
  /// Whether proofs are handed out and taken over plain HTTP, other than on the machine itself.
  public var allowsPlainHTTP: Bool
  /// The hosts, with their ports where those are not the usual ones, that a return target may name.
  public var returnHosts: Set<String>
  /// Whether the next address is told instead of going there.
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

  /// Short, so that the cookie is.
  public static let usualIssuer = "pingate"
  public static let usualLife: Duration = .seconds(12 * 3600)
  public static let usualRememberedLife: Duration = .seconds(30 * 86_400)
  /// Issuer and audience together are no longer, so that the cookie stays below 400 bytes; in characters.
  public static let longestNames = 44
}
