public import Gateway
public import Tokens
public import Verification

/// The owner's settings for the pages and routes.
public struct FlowSettings: Sendable {
  /// The name that separates this site from another one with the same keys: each refuses the other's forms.
  public var identity: String
  /// The path that PinGate is mounted at, "/phone", if the web server does not split it off; empty at the root.
  public var prefix: String
  /// The program's own file name, if it runs as a CGI program: a URL that ends in it is redirected to the same URL with
  /// a slash, without which relative URLs would lead elsewhere.
  public var scriptName: String?
  /// Origins of other sites whose pages may hold the form: "https://www.example.com".
  public var allowedOrigins: [String]
  /// Where "Continue" leads a verified visitor: an absolute path or an https URL.
  public var continueURL: String
  /// The folder with the site's own `index.html` and `style.css`; nil for the built-in ones.
  public var staticFolder: String?
  /// The proxies whose `X-Forwarded-For` is trusted; none unless the owner names them.
  public var trustedProxies: [TrustedProxy]
  /// Who gets a PIN.
  public var admitted: Admitted
  /// The secret with which the site's own code redeems return tokens; nil if it redeems none.
  public var redeemSecret: SharedSecret?
  /// Whether a success yields a return token.
  public var givesReturnTokens: Bool
  /// What untrusted clients are asked for during an attack; nil if they are refused.
  public var challenge: ChallengeSettings?
  /// A first form that comes back sooner than this was sent by a robot; zero disables the check.
  public var fastestForm: Duration

  public init(
    identity: String, prefix: String = "", scriptName: String? = nil, allowedOrigins: [String] = [],
    continueURL: String = "/", staticFolder: String? = nil,
    trustedProxies: [TrustedProxy] = [], admitted: Admitted = .everyNumber, redeemSecret: SharedSecret? = nil,
    givesReturnTokens: Bool = false, challenge: ChallengeSettings? = nil, fastestForm: Duration = .zero
  ) {
    self.identity = identity
    self.prefix = prefix
    self.scriptName = scriptName
    self.allowedOrigins = allowedOrigins
    self.continueURL = continueURL
    self.staticFolder = staticFolder
    self.trustedProxies = trustedProxies
    self.admitted = admitted
    self.redeemSecret = redeemSecret
    self.givesReturnTokens = givesReturnTokens
    self.challenge = challenge
    self.fastestForm = fastestForm
  }
}
