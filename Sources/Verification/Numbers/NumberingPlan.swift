/// Knowledge of the world's phone numbers: the boundary between PinGate and a library that keeps up with them.
///
/// Nothing here uses the network. Every call may be made from any thread and takes well under a millisecond, except the
/// first one in a process, which loads the plan (some milliseconds).
public protocol NumberingPlan: Sendable {
  /// The countries that `read` accepts.
  var countries: ServedCountries { get }

  /// Reads a number as people type it, and says whether a PIN may be sent to it. It costs nothing and sends nothing.
  ///
  /// - Parameter isConfirmed: whether the visitor is not to be asked, because they have seen the number as `written`
  ///   shows it. Such a number is never `unclear`: the most likely one is accepted.
  func read(_ typed: String, isConfirmed: Bool) -> NumberReading

  /// The number in international format ("+1 202-555-0143"): printable ASCII, only for pages, never for a log.
  func written(_ number: PhoneNumber) -> String

  /// The number's country; nil if it belongs to none or is not valid.
  func country(of number: PhoneNumber) -> Country?

  /// The digits with which numbers of `country` begin after the `+` ("1", "44"); nil if there is no such country.
  func callingCode(of country: Country) -> String?
}

extension NumberingPlan {
  public func read(_ typed: String) -> NumberReading { read(typed, isConfirmed: false) }
}
