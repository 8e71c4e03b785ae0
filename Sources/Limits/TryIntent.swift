/// A PIN that is about to be checked.
public struct TryIntent: Sendable, Hashable {
  public let number: NumberKeys
  public let visitor: VisitorKeys
  /// The attempt, the same over all messages that were sent again for it.
  public let attempt: CounterKey
  /// The provider's request, which stands for one code. It is good for one success, ever.
  public let code: CounterKey

  public init(number: NumberKeys, visitor: VisitorKeys, attempt: CounterKey, code: CounterKey) {
    self.number = number
    self.visitor = visitor
    self.attempt = attempt
    self.code = code
  }
}
