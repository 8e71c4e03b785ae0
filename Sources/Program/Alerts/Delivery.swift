/// What came of one try to bring an alert to its owner.
enum Delivery: Sendable, Hashable {
  case delivered
  /// It may be tried again.
  case failed(String)
  /// Trying again is of no use.
  case refused(String)
}
