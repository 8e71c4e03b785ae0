/// A clock that can be told to advance, and that never goes back.
struct SandboxClock: Sendable {
  private let source: @Sendable () -> Duration
  private var latest: Duration = .zero
  /// How far it was advanced beyond its source.
  private(set) var advanced: Duration = .zero

  /// - Parameter source: the time since 1970-01-01T00:00:00Z.
  init(_ source: @escaping @Sendable () -> Duration) {
    self.source = source
  }

  mutating func now() -> Duration {
    latest = max(latest, source() + advanced)
    return latest
  }

  mutating func advance(by duration: Duration) {
    advanced += duration
  }
}
