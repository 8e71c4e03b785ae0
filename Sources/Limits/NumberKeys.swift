/// What is counted of a telephone number on a site, as keyed hashes.
public struct NumberKeys: Sendable, Hashable {
  public let number: CounterKey
  /// The number without its last four digits: who pumps uses neighbors.
  public let prefix4: CounterKey
  /// The number without its last six digits.
  public let prefix6: CounterKey
  /// The country or region that the number belongs to.
  public let country: CounterKey
  /// The site, which may share its store with others: its budget is its own.
  public let site: CounterKey
  /// The digits of the prefix and the country, sealed: the owner can read them, and the store cannot.
  public let sealedRange: UInt64

  public init(
    number: CounterKey, prefix4: CounterKey, prefix6: CounterKey, country: CounterKey, site: CounterKey,
    sealedRange: UInt64 = 0
  ) {
    self.sealedRange = sealedRange
    self.number = number
    self.prefix4 = prefix4
    self.prefix6 = prefix6
    self.country = country
    self.site = site
  }
}
