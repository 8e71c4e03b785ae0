/// What came of ending a send, or of a success.
public struct Settlement: Sendable, Hashable {
  /// Whether it was this caller who brought it about; false where it had been done before, or is too old.
  public let isDone: Bool
  /// What the owner should hear of.
  public let notices: [LimitNotice]

  public init(isDone: Bool, notices: [LimitNotice] = []) {
    self.isDone = isDone
    self.notices = notices
  }
}
