/// What one send, or one try of a PIN, has to pass and is added to: the question that a `CounterStore` answers in one
/// atomic step. `LimitsPolicy` makes it.
public struct ReservationRequest: Sendable, Hashable {
  /// Whether a limit that is reached refuses.
  public enum Mode: String, Sendable, Hashable {
    case enforce
    /// Counts and reports what would be refused, and refuses nothing. What guards a form against sending twice, and a
    /// success against being used twice, still holds: that is no limit.
    case watch
  }

  /// A number in a browser.
  public struct Pair: Sendable, Hashable {
    public let number: CounterKey
    public let browser: CounterKey

    public init(number: CounterKey, browser: CounterKey) {
      self.number = number
      self.browser = browser
    }
  }

  public var mode: Mode
  /// Hold for everybody.
  public var rules: [Rule]
  /// Hold instead of `untrustedRules` and `rations` where the browser is trusted with the number.
  public var trustedRules: [Rule]
  public var untrustedRules: [Rule]
  public var rations: [Ration]
  public var pair: Pair
  /// The form, which is answered once: a repeat gets the first answer. It is remembered for `nonceLife`.
  public var nonce: CounterKey?
  public var nonceLife: Duration
  /// For how long the answer to a send is kept for `pair`: who asks again before the cooldown is over gets it. Nil for
  /// tries.
  public var runningLife: Duration?
  /// How long a send may take; one that has not ended by then is lost.
  public var sendTimeout: Duration
  /// What must not have been consumed yet.
  public var oneTimeKey: CounterKey?
  /// See `SendIntent`.
  public var passedChallenge = 0
  public var proof: CounterKey?
  public var looksAutomated = false
  /// Whether it is a message sent again for an attempt that has had one.
  public var isResend = false
  /// The net that asks for a message, by which its rank is known; nil for tries.
  public var net: CounterKey?
  /// See `VisitorKeys`.
  public var isOfOwnNetwork = false
  /// How the site's budget is shared out among those who have verified nothing of late; nil where it is not.
  public var share: BudgetShare?

  /// Whether it is a send: then its reservation is committed or released later.
  package var isSend: Bool { runningLife != nil }

  /// All that it has to pass.
  ///
  /// - Parameter isTrusted: whether the browser is trusted with the number.
  package func rules(isTrusted: Bool) -> [Rule] { rules + (isTrusted ? trustedRules : untrustedRules) }
  /// The net that owes a message until it is verified; nil where nothing is shared out by that.
  package var indebtedNet: CounterKey? { share != nil || !rations.isEmpty ? net : nil }

  /// A trusted browser passes by them.
  package func rations(of rank: SenderRank?) -> [Ration] { rank == .trusted ? [] : rations }

  public init(
    mode: Mode = .enforce, pair: Pair, rules: [Rule] = [], trustedRules: [Rule] = [], untrustedRules: [Rule] = [],
    rations: [Ration] = [], nonce: CounterKey? = nil, nonceLife: Duration = .seconds(3600),
    runningLife: Duration? = nil, sendTimeout: Duration = .seconds(30), oneTimeKey: CounterKey? = nil
  ) {
    self.mode = mode
    self.pair = pair
    self.rules = rules
    self.trustedRules = trustedRules
    self.untrustedRules = untrustedRules
    self.rations = rations
    self.nonce = nonce
    self.nonceLife = nonceLife
    self.runningLife = runningLife
    self.sendTimeout = sendTimeout
    self.oneTimeKey = oneTimeKey
  }
}
