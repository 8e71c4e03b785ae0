internal import LimitEngine
internal import Limits

/// One operation that waits for its turn, and the caller who waits for its result.
struct Job: Sendable {
  /// Does the work and says how the caller is answered once it is committed.
  let run: @Sendable (Ledger) throws(StoreFailure) -> @Sendable () -> Void
  /// Answers the caller with a failure.
  let fail: @Sendable (StoreFailure) -> Void
  /// Whether it has to be on the disk before it is answered.
  let isDurable: Bool
  /// Whether it says how a send ended (`finish`, `refund`).
  let endsSend: Bool
  /// From when nobody should be kept waiting any longer.
  let deadline: ContinuousClock.Instant
}
