internal import FoundationEssentials

/// Times as the sandbox keeps them, durations since 1970-01-01T00:00:00Z, and as it writes them.
public enum SandboxTime {
  /// The system's wall clock.
  public static func system() -> Duration {
    .milliseconds(Int64(Date().timeIntervalSince1970 * 1000))
  }

  /// ISO 8601 in UTC, to the second: "2026-01-31T12:00:00Z".
  static func iso8601(_ time: Duration) -> String {
    Date(timeIntervalSince1970: TimeInterval(time.components.seconds)).formatted(.iso8601)
  }

  /// As search writes it: "2026-01-31 12:00:00".
  static func dateAndTime(_ time: Duration) -> String {
    String(iso8601(time).dropLast()).replacing("T", with: " ")
  }
}
