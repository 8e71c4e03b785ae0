/// The limits that stand in the way of a reservation.
public struct Refusal: Sendable, Hashable {
  public struct Reason: Sendable, Hashable {
    public let id: LimitID
    /// How long it stands in the way if nothing else is reserved; nil until somebody clears it. To the millisecond:
    /// sooner is refused, and then is not.
    public let wait: Duration?

    public init(_ id: LimitID, wait: Duration?) {
      self.id = id
      self.wait = wait
    }
  }

  /// At least one, the longest wait first.
  public let reasons: [Reason]
  /// How many rounds of a challenge would let the sender pass now; nil where no number of them would.
  public let challenge: Int?

  /// More rounds than this nobody is asked for.
  public static let mostRounds = 4

  public init(_ reasons: [Reason], challenge: Int? = nil) {
    precondition(!reasons.isEmpty)
    self.challenge = challenge
    self.reasons = reasons.sorted { left, right in
      guard let leftWait = left.wait, let rightWait = right.wait else { return left.wait == nil && right.wait != nil }
      return leftWait > rightWait
    }
  }

  /// When the same would pass, from now; nil when waiting does not help. Where a challenge would let it pass now, when it would without.
  public var retryAfter: Duration? { reasons[0].wait }

  /// Whether it passes then, if nothing else is reserved. Where strangers take turns by lot there is a new draw then, or about then a
  /// turn, and that is all.
  public var isPromised: Bool { challenge != nil || !reasons.contains { $0.id == .siteShare } }
}
