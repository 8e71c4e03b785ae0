/// One message that the sandbox would have sent.
public struct OutboxMessage: Sendable, Hashable, Codable {
  /// The number, international, digits only.
  public let to: String
  /// The sender's name.
  public let from: String
  /// What is written or read out. Always English, whatever `lg` says.
  public let text: String
  public let pin: String
  public let requestID: String
  public let channel: Channel
  /// The language that was asked for.
  public let lg: String
  /// ISO 8601 in UTC, by the sandbox's clock.
  public let at: String

  init(order: StartOrder, pin: String, requestID: String, channel: Channel, at: String) {
    to = order.number
    from = order.sender
    self.pin = pin
    self.requestID = requestID
    self.channel = channel
    lg = order.language
    self.at = at
    switch channel {
    case .sms:
      let minutes = max(1, order.codeLifetime.components.seconds / 60)
      text = "\(order.brand) code: \(pin). Valid for \(minutes) minutes."
    case .tts:
      let spoken = pin.map(String.init).joined(separator: ", ")
      text = "Your \(order.brand) code is \(spoken). Once more: \(spoken)."
    }
  }

  enum CodingKeys: String, CodingKey {
    case to, from, text, pin, channel, lg, at
    case requestID = "request_id"
  }
}
