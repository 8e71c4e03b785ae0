/// One visitor's running attempt to verify a number: what the sealed form field carries from page to page.
public struct Attempt: Sendable, Hashable {
  /// The provider's request that was started for it.
  public let requestID: RequestID
  public let number: PhoneNumber
  /// When the first message was asked for.
  public let startedAt: Timestamp
  /// How many messages were asked for, the first one included.
  public let sends: Int

  public init(requestID: RequestID, number: PhoneNumber, startedAt: Timestamp, sends: Int) {
    self.requestID = requestID
    self.number = number
    self.startedAt = startedAt
    self.sends = sends
  }

  /// An attempt ends at the latest this long after its first message, whatever was sent again since
  /// (NIST SP 800-63B-4, section 3.1.3.2: 10 minutes).
  public static let longestLife: Duration = .seconds(600)

  /// Whether it can no longer be verified. A start that lies in the future (a clock that was set back) by more than a
  /// minute is over too: otherwise it would live for as long as the clock was wrong.
  public func isOver(at now: Timestamp) -> Bool {
    let age = now - startedAt
    return age >= Self.longestLife || age < .seconds(-60)
  }
}
