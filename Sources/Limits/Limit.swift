/// At most `count` in any span of time as long as `window`.
///
/// Two words: each request that waits for the provider holds a dozen of them.
public struct Limit: Sendable, Hashable {
  /// 0 admits nothing. At most 1,000,000.
  public var count: Int
  /// In milliseconds, because each decision asks for it some fifty times; 0 for none.
  private let milliseconds: Int64

  public init(_ count: Int, per window: Duration?) {
    precondition((0...1_000_000).contains(count), "a limit is 0 to 1,000,000, not \(count)")
    precondition(window.map { $0 >= .seconds(1) && $0 <= .days(400) } ?? true, "a window is 1 s to 400 days")
    self.count = count
    milliseconds = window?.milliseconds ?? 0
  }

  /// One second to 400 days, in whole milliseconds; nil counts until it is cleared by a success or by the owner.
  public var window: Duration? { span.map { .milliseconds($0) } }

  /// The same with room for more, which nothing makes room where there is none.
  package func grown(by more: Int) -> Limit {
    guard more > 0, count > 0 else { return self }
    var limit = self
    limit.count = min(1_000_000, count + more)
    return limit
  }

  package var span: Int64? { milliseconds == 0 ? nil : milliseconds }
}

extension Duration {
  package static var hour: Duration { .seconds(3600) }
  package static var day: Duration { .seconds(86_400) }
  package static func days(_ days: Int) -> Duration { .seconds(86_400 * days) }

  /// Whole milliseconds, rounded up: a wait that is given to a visitor is never too short.
  package var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let part: Int64 = 1_000_000_000_000_000
    return seconds * 1000 + (attoseconds > 0 ? (attoseconds + part - 1) / part : attoseconds / part)
  }
}
