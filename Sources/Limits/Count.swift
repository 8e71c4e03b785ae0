/// How far a row is used up, for the owner's eyes.
public struct Count: Sendable, Hashable {
  public let row: LimitRow
  public let count: Int
  /// Nil for a conversion guard, which has no such number.
  public let limit: Int?
  /// How long it admits nothing; zero when it admits, nil when it has to be cleared.
  public let wait: Duration?

  public init(row: LimitRow, count: Int, limit: Int?, wait: Duration?) {
    self.row = row
    self.count = count
    self.limit = limit
    self.wait = wait
  }
}
