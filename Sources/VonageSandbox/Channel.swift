/// The way a message goes to a number, by Vonage's own words.
public enum Channel: String, Sendable, Hashable, Codable {
  /// A text message.
  case sms
  /// A call that reads the code out (text to speech).
  case tts
}
