/// What is known of the world's telephone numbers: the border between PinGate and a library that keeps up with them.
///
/// Nothing here asks the network. Every call may be made from any thread and takes well under a millisecond, the first
/// of a process excepted: it loads the plan (some milliseconds).
public protocol NumberingPlan: Sendable {
  /// The countries that `read` accepts.
  var countries: ServedCountries { get }

  /// Reads a number as people type it and says whether a PIN may be sent to it. It costs nothing and sends nothing.
  ///
  /// - Parameter isConfirmed: whether nobody shall be asked, as when the visitor has seen it as `written` shows it. Such a
  ///   number is never `unclear`: it is the first that could be meant.
  func read(_ typed: String, isConfirmed: Bool) -> NumberReading

  /// The number as its owner would write it abroad ("+1 202-555-0143"): printable ASCII, for the page only, never for
  /// a log.
  func written(_ number: PhoneNumber) -> String

  /// Whose number it is; nil when it belongs to no country or is not valid.
  func country(of number: PhoneNumber) -> Country?

  /// The digits that numbers of `country` begin with after the `+` ("1", "44"); nil when there is no such country.
  func callingCode(of country: Country) -> String?
}

extension NumberingPlan {
  public func read(_ typed: String) -> NumberReading { read(typed, isConfirmed: false) }
}
