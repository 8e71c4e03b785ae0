/// A visitor's running attempt to verify a number: what the sealed form field carries from page to page.
public struct Attempt: Sendable, Hashable {
  /// The provider's first request. It names the attempt, including everything that is sent again for it.
  public let id: RequestID
  /// The provider's running request, which also says which provider. It may differ from the first one.
  public let requestID: RequestID
  public let number: PhoneNumber
  /// The channel that the running request was started with.
  public let channel: Channel
  /// The channel of the latest message: a request that was started with a text message may continue with a call.
  public let lastChannel: Channel
  /// When the first message was requested.
  public let startedAt: Timestamp
  /// When the running request was started.
  public let requestStartedAt: Timestamp
  /// When the latest message was requested.
  public let lastSentAt: Timestamp
  /// How many messages were requested, including the first.
  public let sends: Int
  /// How many of them belong to the running request.
  public let requestSends: Int

  /// - Parameter lastChannel: nil if it is the one that the running request was started with.
  public init(
    id: RequestID, requestID: RequestID, number: PhoneNumber, channel: Channel, lastChannel: Channel? = nil,
    startedAt: Timestamp, requestStartedAt: Timestamp, lastSentAt: Timestamp, sends: Int, requestSends: Int
  ) {
    self.id = id
    self.requestID = requestID
    self.number = number
    self.channel = channel
    self.lastChannel = lastChannel ?? channel
    self.startedAt = startedAt
    self.requestStartedAt = requestStartedAt
    self.lastSentAt = lastSentAt
    self.sends = sends
    self.requestSends = requestSends
  }

  /// An attempt that begins with this request.
  public init(requestID: RequestID, number: PhoneNumber, startedAt: Timestamp, sends: Int, channel: Channel = .text) {
    self.init(
      id: requestID, requestID: requestID, number: number, channel: channel, startedAt: startedAt,
      requestStartedAt: startedAt, lastSentAt: startedAt, sends: sends, requestSends: sends)
  }

  /// The same attempt after one more message, of the running request or of a new one that replaced it.
  public func sent(again request: RequestID, by channel: Channel, at time: Timestamp) -> Attempt {
    let isNew = request != requestID
    return Attempt(
      id: id, requestID: request, number: number, channel: isNew ? channel : self.channel, lastChannel: channel,
      startedAt: startedAt, requestStartedAt: isNew ? time : requestStartedAt, lastSentAt: time, sends: sends + 1,
      requestSends: isNew ? 1 : requestSends + 1)
  }

  /// An attempt ends at the latest this long after its first message, whatever was sent again since (NIST SP 800-63B-4,
  /// section 3.1.3.2: 10 minutes).
  public static let longestLife: Duration = .seconds(600)

  /// Whether it can no longer be verified. An attempt that starts more than a minute in the future (because a clock was
  /// set back) is also over: otherwise it would live as long as the clock was wrong.
  public func isOver(at now: Timestamp) -> Bool {
    let age = now - startedAt
    return age >= Self.longestLife || age < .seconds(-60)
  }
}
