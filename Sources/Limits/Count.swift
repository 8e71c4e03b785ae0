/// How far a limit is used up, for the owner's eyes.
public struct Count: Sendable, Hashable {
  public let id: LimitID
  public let count: Int
  /// What it is now, with what was verified of late.
  public let limit: Int?
  /// How long it admits nothing; zero when it admits, nil when it has to be cleared.
  public let wait: Duration?

  public init(id: LimitID, count: Int, limit: Int?, wait: Duration?) {
    self.id = id
    self.count = count
    self.limit = limit
    self.wait = wait
  }
}
