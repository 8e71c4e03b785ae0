/// Counts each account's calls in the present second.
struct Throttle: Sendable {
  private var second: Int64 = 0
  private var calls: [String: Int] = [:]

  /// - Returns: whether the call is within the limit.
  mutating func admit(_ account: String, limit: Int?, at time: Duration) -> Bool {
    guard let limit else { return true }
    if time.components.seconds != second {
      second = time.components.seconds
      calls = [:]
    }
    calls[account, default: 0] += 1
    return calls[account, default: 0] <= limit
  }
}
