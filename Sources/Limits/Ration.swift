/// What a range of numbers may have of messages that nobody verifies: so many in its window, and no more than trickle through
/// once they are used up. It is never shut: each success gives back a message, and gives credit for more; and when that credit
/// becomes less, nobody waits for what it was given for.
public struct Ration: Sendable, Hashable {
  public let id: LimitID
  public let key: CounterKey
  public let limit: Limit
  /// In milliseconds, as the limit's window.
  package let grace: Int64

  /// - Parameter grace: how long people may take to type a PIN. A younger message is not counted as one that nobody
  ///   verified: those who come in one moment are not refused for one another.
  public init(_ id: LimitID, _ key: CounterKey, _ limit: Limit, grace: Duration) {
    self.id = id
    self.key = key
    self.limit = limit
    self.grace = grace.milliseconds
  }

  /// By which its messages are told, over the last hour.
  package static let hour = Limit(1_000_000, per: .hour)
}

/// What the owner is told of a ration that begins or ends.
public struct RationFigures: Sendable, Hashable {
  /// How many messages there were, and how many of them were verified: of a range in the last hour, of the site in the last day.
  public var sends: Int
  public var verified: Int
  /// How many messages a day there are for those who verify none.
  public var perDay: Int
  /// How many nets have asked for messages of late, about; nil for a range.
  public var asking: Int?

  public init(sends: Int, verified: Int, perDay: Int, asking: Int? = nil) {
    self.sends = sends
    self.verified = verified
    self.perDay = perDay
    self.asking = asking
  }
}
