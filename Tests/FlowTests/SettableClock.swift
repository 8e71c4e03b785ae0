import CounterStoreContract
import LimitEngine
import Verification

/// The clocks of a test's machine: they stand still until a test moves them.
struct SettableClock: Sendable {
  let machine = ManualClock()

  /// The wall clock.
  var now: Timestamp { Timestamp(secondsSinceEpoch: machine.now().wall / 1000) }

  /// Time passes; or, for less than no time, somebody sets the wall clock back.
  func advance(by duration: Duration) {
    if duration < .zero {
      machine.stepWall(duration)
    } else {
      machine.advance(duration)
    }
  }
}
