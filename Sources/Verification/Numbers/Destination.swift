/// A number that a PIN may be sent to, with what is known of it from its digits alone.
public struct Destination: Sendable, Hashable {
  /// What the number's range says about the telephone at its end.
  public enum Line: String, Sendable, Hashable, CaseIterable {
    /// Takes text messages. Where a country does not tell the two apart (+1), a number counts as mobile.
    case mobile
    /// A landline: a text message would be paid for and lost, so it is offered a call instead.
    case landline
  }

  public let number: PhoneNumber
  /// Whose number it is: what the country's counter counts by.
  public let country: Country
  public let line: Line

  public init(number: PhoneNumber, country: Country, line: Line) {
    self.number = number
    self.country = country
    self.line = line
  }
}
