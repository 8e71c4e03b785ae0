/// A point of the wall clock, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The domain never asks for the time: whoever calls it says what time it is.
public struct Timestamp: Sendable, Hashable, Comparable {
  public let secondsSinceEpoch: Int64

  public init(secondsSinceEpoch: Int64) {
    self.secondsSinceEpoch = secondsSinceEpoch
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  /// The time `duration` later; parts of a second are dropped.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(secondsSinceEpoch: time.secondsSinceEpoch + duration.components.seconds)
  }

  /// How much later `left` is than `right`; negative when it is earlier.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    .seconds(left.secondsSinceEpoch - right.secondsSinceEpoch)
  }
}
