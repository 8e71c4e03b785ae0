internal import Tokens
internal import Verification

/// How long a visitor's PIN is still valid, as far as the clock can tell.
package enum PINLifetime: Sendable, Hashable {
  /// It was sent just now.
  case fresh(minutes: Int)
  /// Some of its time has passed.
  case left(minutes: Int)
  case over
  /// It was sent before this attempt began.
  case unknown

  /// - Parameter lifetime: the lifetime of a PIN. Its attempt may end earlier (`Attempt.longestLife`).
  init(of pending: PendingAttempt, lifetime: Duration, at now: Timestamp) {
    let end = Self.end(of: pending, lifetime: lifetime)
    // Setting back a clock does not prolong a PIN.
    let now = max(now, pending.pinMadeAt)
    let minutes = { (time: Duration) in max(1, Int((time.components.seconds + 59) / 60)) }
    self =
      if pending.isJoined {
        .unknown
      } else if now >= end {
        .over
      } else if now == pending.pinMadeAt {
        .fresh(minutes: minutes(end - now))
      } else {
        .left(minutes: minutes(end - now))
      }
  }

  /// When the latest PIN expires, as far as that is known.
  static func end(of pending: PendingAttempt, lifetime: Duration) -> Timestamp {
    min(pending.pinMadeAt + lifetime, pending.attempt.startedAt + Attempt.longestLife)
  }

  /// Whether a newer PIN may have been sent, or the attempt may have ended at the provider.
  var mayBeOver: Bool { self == .over || self == .unknown }
}
