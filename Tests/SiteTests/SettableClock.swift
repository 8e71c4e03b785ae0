import Foundation
import Verification

/// A clock that stands still until a test moves it. Safe to share: the time is behind `lock`.
final class SettableClock: @unchecked Sendable {
  private let lock = NSLock()
  private var time = Timestamp(secondsSinceEpoch: 1_800_000_000)

  var now: Timestamp { lock.withLock { time } }

  func advance(by duration: Duration) { lock.withLock { time = time + duration } }
}
