/// A number that a PIN may be sent to, with what its digits alone reveal about it.
public struct Destination: Sendable, Hashable {
  /// What the number's range says about the phone.
  public enum Line: String, Sendable, Hashable, CaseIterable {
    /// It receives text messages. If a country does not distinguish mobile numbers (+1), a number counts as mobile.
    case mobile
    /// A landline: a text message would be paid for and lost, so a call is offered instead.
    case landline
  }

  public let number: PhoneNumber
  /// The country that the number belongs to, and is counted under.
  public let country: Country
  public let line: Line

  public init(number: PhoneNumber, country: Country, line: Line) {
    self.number = number
    self.country = country
    self.line = line
  }
}
