internal import Limits
internal import Threads
internal import Tokens
internal import Verification

/// The line of those who wait instead of working, because their browser runs no scripts.
///
/// Waiting costs a robot nothing and can be done in parallel, so it is rationed: the whole site has one place a minute, for
/// the next ten, and of these a net has one. Whoever takes one has it: the time that is told is the time that it is. A place is
/// a name that is good for one use in the store, so that no two visitors, processes or machines have the same.
final class WaitingLine: Sendable {
  /// Between two places.
  static let pace: Duration = .seconds(60)
  /// How many places there are ahead of now.
  static let places: Int64 = 10
  /// How long a net that has a place gets no other.
  static let period: Duration = .seconds(600)
  /// How long it is remembered that a place is taken: until it is over, and the token for it.
  private static let memory: Duration = period + ChallengeToken.life + .seconds(600)

  enum Turn: Sendable, Hashable {
    case place(readyAt: Timestamp)
    /// None is free for so long.
    case full(Duration)
  }

  private let limiter: Limiter
  private let keys: CounterKeys
  /// The last place that is known to be taken, so that they are not all tried again.
  private let lastTaken = Locked(Int64.min)

  init(_ limiter: Limiter, _ keys: CounterKeys) {
    self.limiter = limiter
    self.keys = keys
  }

  /// Takes the next place for somebody of a net.
  func take(in net: CounterKey, at now: Timestamp) async throws(StoreFailure) -> Turn {
    let (pace, period) = (Self.pace.components.seconds, Self.period.components.seconds)
    let first = now.secondsSinceEpoch / pace + 1
    let end = first + Self.places
    // After a clock was set back what is known is of another time.
    let known = lastTaken.with { $0 < end + Self.places ? $0 : first - 1 }
    let start = max(first, known + 1)
    guard start < end else { return .full(until(start - Self.places, now)) }
    let current = now.secondsSinceEpoch / period
    let turn: Duration = .seconds((current + 1) * period - now.secondsSinceEpoch)
    guard try await limiter.consume(keys.waiter(in: net, during: current), rememberedFor: Self.memory) else {
      return .full(turn)
    }
    for place in start..<end {
      let isFree = try await limiter.consume(keys.place(place), rememberedFor: Self.memory)
      lastTaken.with { $0 = $0 < end ? max($0, place) : place }
      if isFree { return .place(readyAt: Timestamp(secondsSinceEpoch: place * pace)) }
    }
    // Other processes had taken them all, and the net's turn is used up: sooner it would be told to wait again.
    return .full(max(turn, until(end - Self.places, now)))
  }

  /// How long until this place's minute begins, in which one more is ahead.
  private func until(_ place: Int64, _ now: Timestamp) -> Duration {
    max(.seconds(1), .seconds(place * Self.pace.components.seconds - now.secondsSinceEpoch))
  }
}
