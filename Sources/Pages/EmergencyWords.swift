/// What is said where there is no memory to make a page with: the only words besides `Catalog`, because they stand in the
/// program's file as they are sent.
public struct EmergencyWords: Sendable {
  /// A tag (BCP 47), as `lang` has it.
  public let language: StaticString
  public let title: StaticString
  public let text: StaticString

  public static let english = EmergencyWords(
    language: "en", title: "Not available right now",
    text: "The server has no room for this at the moment. No message was sent. Go back and try again in a minute.")
}
