/// Limits how many lines of one kind are logged: somebody who can cause one with each request could fill the log.
actor LineBudget {
  private let most: Int
  private let span: Duration
  private let clock: @Sendable () -> ContinuousClock.Instant
  private var began: ContinuousClock.Instant
  private var taken = 0

  init(_ most: Int, per span: Duration, clock: @escaping @Sendable () -> ContinuousClock.Instant) {
    self.most = most
    self.span = span
    self.clock = clock
    began = clock()
  }

  /// - Returns: whether there is room for one more.
  func take() -> Bool {
    let now = clock()
    if now - began >= span { (began, taken) = (now, 0) }
    guard taken < most else { return false }
    taken += 1
    return true
  }
}
