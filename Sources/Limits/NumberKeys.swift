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

  public init(
    number: CounterKey, prefix4: CounterKey, prefix6: CounterKey, country: CounterKey, site: CounterKey
  ) {
    self.number = number
    self.prefix4 = prefix4
    self.prefix6 = prefix6
    self.country = country
    self.site = site
  }
}
