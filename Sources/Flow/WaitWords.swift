/// A time to wait in words, never too short: "30 seconds", "2 minutes", "3 hours".
enum WaitWords {
  static func text(_ wait: Duration) -> String {
    let seconds = self.seconds(wait)
    if seconds < 60 { return count(seconds, "second") }
    if seconds <= 90 * 60 { return count((seconds + 59) / 60, "minute") }
    if seconds <= 36 * 3600 { return count((seconds + 3599) / 3600, "hour") }
    return count((seconds + 86_399) / 86_400, "day")
  }

  /// Whole seconds, rounded up, and at least one.
  static func seconds(_ wait: Duration) -> Int64 {
    let (seconds, attoseconds) = wait.components
    return max(1, seconds + (attoseconds > 0 ? 1 : 0))
  }

  private static func count(_ number: Int64, _ unit: String) -> String {
    number == 1 ? "1 \(unit)" : "\(number) \(unit)s"
  }
}
