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

  public init(
    number: NumberKeys, visitor: VisitorKeys, nonce: CounterKey? = nil, resendOf: CounterKey? = nil,
    code: CounterKey? = nil
  ) {
    self.number = number
    self.visitor = visitor
    self.nonce = nonce
    self.resendOf = resendOf
    self.code = code
  }
}
