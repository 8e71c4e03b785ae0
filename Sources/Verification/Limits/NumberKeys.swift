/// What is counted of a telephone number, as keyed hashes.
public struct NumberKeys: Sendable, Hashable {
  public let number: CounterKey
  /// The number without its last four digits: who pumps uses neighbours.
  public let prefix4: CounterKey
  /// The number without its last six digits.
  public let prefix6: CounterKey
  /// The country or region that the number belongs to.
  public let country: CounterKey

  public init(number: CounterKey, prefix4: CounterKey, prefix6: CounterKey, country: CounterKey) {
    self.number = number
    self.prefix4 = prefix4
    self.prefix6 = prefix6
    self.country = country
  }
}
