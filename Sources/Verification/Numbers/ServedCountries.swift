/// The countries whose numbers a site sends PINs to, and the one whose visitors need not type their country code.
public struct ServedCountries: Sendable, Hashable {
  /// A number without a country code is first read as somebody in this country would dial it.
  public let home: Country
  /// Only their numbers are accepted: never empty, without duplicates, in the owner's order.
  public let allowed: [Country]

  /// - Parameters:
  ///   - home: nil means the first of `allowed`.
  ///   - allowed: empty means only `home`. It need not include home.
  /// - Returns: nil if neither is given.
  public init?(home: Country?, allowed: [Country]) {
    guard let home = home ?? allowed.first else { return nil }
    self.home = home
    var seen: Set<Country> = []
    self.allowed = allowed.isEmpty ? [home] : allowed.filter { seen.insert($0).inserted }
  }
}
