/// What one send, or one try of a PIN, has to pass and is added to: the question that a `CounterStore` answers in one
/// atomic step. `LimitsPolicy` makes it.
public struct Charge: Sendable, Hashable {
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
  /// Hold instead of `strangerRules` and `guards` where `pair` was verified before.
  public var knownRules: [Rule]
  public var strangerRules: [Rule]
  public var guards: [ConversionGuard]
  public var pair: Pair
  /// The form, which is answered once: a repeat gets the first answer. It is remembered for `nonceLife`.
  public var nonce: CounterKey?
  public var nonceLife: Duration
  /// For how long the answer to a send is kept for `pair`: who asks again before the gap is over gets it. Nil for
  /// tries.
  public var runningLife: Duration?
  /// How long a send may take; one that has not ended by then was lost.
  public var flight: Duration
  /// What must not have been claimed yet.
  public var claim: CounterKey?

  /// Whether it is a send: then it is finished or given back later by its receipt.
  package var isSend: Bool { runningLife != nil }

  /// All that it has to pass.
  ///
  /// - Parameter isKnown: whether `pair` was verified before.
  package func rules(isKnown: Bool) -> [Rule] { rules + (isKnown ? knownRules : strangerRules) }
  package func guards(isKnown: Bool) -> [ConversionGuard] { isKnown ? [] : guards }

  public init(
    mode: Mode = .enforce, pair: Pair, rules: [Rule] = [], knownRules: [Rule] = [], strangerRules: [Rule] = [],
    guards: [ConversionGuard] = [], nonce: CounterKey? = nil, nonceLife: Duration = .seconds(3600),
    runningLife: Duration? = nil, flight: Duration = .seconds(30), claim: CounterKey? = nil
  ) {
    self.mode = mode
    self.pair = pair
    self.rules = rules
    self.knownRules = knownRules
    self.strangerRules = strangerRules
    self.guards = guards
    self.nonce = nonce
    self.nonceLife = nonceLife
    self.runningLife = runningLife
    self.flight = flight
    self.claim = claim
  }
}
