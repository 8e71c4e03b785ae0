/// A message that is about to be asked for.
public struct SendIntent: Sendable, Hashable {
  public let number: NumberKeys
  public let visitor: VisitorKeys
  /// The form that asks, if it carried a nonce: it never sends twice.
  public let nonce: CounterKey?
  /// The attempt that this message is sent again for; nil for the first one.
  public let resendOf: CounterKey?
  /// The provider's request that is to send it again. Once that was verified it sends nothing.
  public let code: CounterKey?
  /// How many rounds of a challenge its sender has passed (`Refusal.challenge`).
  public var passedChallenge: Int
  /// Whose number was verified in its browser, as a valid proof that it brought says: it goes first, for a few messages a day
  /// of each subject. Nil without a proof.
  public let proof: CounterKey?
  /// Whether no person can have filled in the form. Nothing is sent for it, and it is counted as a message that was not
  /// verified, against its address, its net's hour and its browser.
  public let looksAutomated: Bool

  public init(
    number: NumberKeys, visitor: VisitorKeys, nonce: CounterKey? = nil, resendOf: CounterKey? = nil,
    code: CounterKey? = nil, passedChallenge: Int = 0, proof: CounterKey? = nil, looksAutomated: Bool = false
  ) {
    self.number = number
    self.visitor = visitor
    self.nonce = nonce
    self.resendOf = resendOf
    self.code = code
    self.passedChallenge = passedChallenge
    self.proof = proof
    self.looksAutomated = looksAutomated
  }
}
