public import Verification

/// A setting names countries that no telephone number belongs to; "UK" is the most frequent, for `GB`.
public struct UnknownCountries: Error, Sendable, Hashable {
  /// At least one, in the order they were given.
  public let countries: [Country]
}
