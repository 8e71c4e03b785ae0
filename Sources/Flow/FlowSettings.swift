public import Gateway
public import Tokens
public import Verification

/// What a site's owner decides about the pages and routes.
public struct FlowSettings: Sendable {
  /// What tells this site from another one with the same keys: a form of one is refused by the other.
  public var identity: String
  /// The path below which the web server passes requests on without splitting it off, "/phone"; empty at the root.
  public var prefix: String
  /// The program's own file name when it runs as a CGI program, so that a URL that ends in it can be redirected to the
  /// same with a slash, without which relative URLs lead elsewhere.
  public var scriptName: String?
  /// Origins of other sites whose pages may hold the form: "https://www.example.com".
  public var allowedOrigins: [String]
  /// Where the verified visitor goes on: an absolute path or an https URL.
  public var continueURL: String
  /// The folder with the site's own `index.html` and `style.css`; nil for those of the program.
  public var staticFolder: String?
  /// The proxies whose `X-Forwarded-For` is believed; none unless the owner names them.
  public var trustedProxies: [TrustedProxy]
  /// Who gets a PIN.
  public var admitted: Admitted
  /// What the site's own code has to know to redeem return tokens; nil where none are redeemed.
  public var redeemSecret: SharedSecret?
  /// Whether a success has a return token.
  public var givesReturnTokens: Bool
  /// What strangers are asked for under attack; nil where they are refused.
  public var challenge: ChallengeSettings?
  /// The first form is a robot's when it comes back sooner than this; zero where its age is not looked at.
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
