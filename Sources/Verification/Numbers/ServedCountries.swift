/// The countries whose numbers a site sends PINs to, and the one whose visitors need not type their country code.
public struct ServedCountries: Sendable, Hashable {
  /// A number without a country code is first read as somebody at home means it.
  public let home: Country
  /// Only their numbers are accepted: never empty, each once, in the owner's order.
  public let allowed: [Country]

  /// - Parameters:
  ///   - home: nil stands for the first of `allowed`.
  ///   - allowed: empty stands for `home` alone. Home need not be among them.
  /// - Returns: nil when neither is given.
  public init?(home: Country?, allowed: [Country]) {
    guard let home = home ?? allowed.first else { return nil }
    self.home = home
    var seen: Set<Country> = []
    self.allowed = allowed.isEmpty ? [home] : allowed.filter { seen.insert($0).inserted }
  }
}
