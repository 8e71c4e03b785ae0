internal import Limits
internal import Threads
internal import Tokens
internal import Verification

/// The queue of those who wait instead of working, because their browser runs no scripts.
///
/// Waiting costs a robot nothing and can be done in parallel, so it is rationed: the whole site has one slot a minute, for
/// the next ten, and of these a net has one. Whoever takes one has it: the time that is told is the time that it is. A slot is
/// a name that is good for one use in the store, so that no two visitors, processes or machines have the same.
final class WaitingQueue: Sendable {
  /// Between two slots.
  static let pace: Duration = .seconds(60)
  /// How many slots there are ahead of now.
  static let slots: Int64 = 10
  /// How long a net that has a slot gets no other.
  static let period: Duration = .seconds(600)
  /// How long it is remembered that a slot is taken: until it is over, and the token for it.
  private static let memory: Duration = period + ChallengeToken.life + .seconds(600)

  enum Turn: Sendable, Hashable {
    case slot(readyAt: Timestamp)
    /// None is free for so long.
    case full(Duration)
  }

  private let limiter: Limiter
  private let keys: CounterKeys
  /// The last slot that is known to be taken, so that they are not all tried again.
  private let lastTaken = Locked(Int64.min)

  init(_ limiter: Limiter, _ keys: CounterKeys) {
    self.limiter = limiter
    self.keys = keys
  }

  /// Takes the next slot for somebody of a net.
  func take(in net: CounterKey, at now: Timestamp) async throws(StoreFailure) -> Turn {
    let (pace, period) = (Self.pace.components.seconds, Self.period.components.seconds)
    let first = now.secondsSinceEpoch / pace + 1
    let end = first + Self.slots
    // After a clock was set back what is known is of another time.
    let known = lastTaken.with { $0 < end + Self.slots ? $0 : first - 1 }
    let start = max(first, known + 1)
    guard start < end else { return .full(until(start - Self.slots, now)) }
    let current = now.secondsSinceEpoch / period
    let turn: Duration = .seconds((current + 1) * period - now.secondsSinceEpoch)
    guard try await limiter.consume(keys.waiter(in: net, during: current), rememberedFor: Self.memory) else {
      return .full(turn)
    }
    for slot in start..<end {
      let isFree = try await limiter.consume(keys.slot(slot), rememberedFor: Self.memory)
      lastTaken.with { $0 = $0 < end ? max($0, slot) : slot }
      if isFree { return .slot(readyAt: Timestamp(secondsSinceEpoch: slot * pace)) }
    }
    // Other processes had taken them all, and the net's turn is used up: sooner it would be told to wait again.
    return .full(max(turn, until(end - Self.slots, now)))
  }

  /// How long until this slot's minute begins, in which one more is ahead.
  private func until(_ slot: Int64, _ now: Timestamp) -> Duration {
    max(.seconds(1), .seconds(slot * Self.pace.components.seconds - now.secondsSinceEpoch))
  }
}
