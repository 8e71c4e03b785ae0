/// What was counted, and how long each took.
struct Tally: Sendable {
  private(set) var failures = 0
  /// Of one operation each.
  private var times: [Duration] = []

  mutating func add(_ time: Duration) { times.append(time) }
  mutating func addFailure() { failures += 1 }

  mutating func add(_ other: Tally) {
    failures += other.failures
    times += other.times
  }

  /// JSON, for the harness.
  func line(seconds: Double) -> String {
    let sorted = times.sorted()
    func microseconds(_ part: Double) -> Int {
      guard !sorted.isEmpty else { return 0 }
      return Int(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] / .microseconds(1))
    }
    return
      #"{"operations":\#(times.count),"seconds":\#(seconds),"failures":\#(failures),"p50_us":\#(microseconds(0.5)),"#
      + #""p99_us":\#(microseconds(0.99))}"#
  }
}
