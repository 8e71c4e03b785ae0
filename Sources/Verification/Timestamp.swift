/// A point of the wall clock, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The domain never asks for the time: whoever calls it says what time it is. Sums and differences that do not fit stop
/// at the end of the range: a time that came from outside brings nothing down.
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
    let seconds = duration.components.seconds
    let (sum, overflow) = time.secondsSinceEpoch.addingReportingOverflow(seconds)
    return Timestamp(secondsSinceEpoch: overflow ? (seconds < 0 ? .min : .max) : sum)
  }

  /// How much later `left` is than `right`; negative when it is earlier.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    let (seconds, overflow) = left.secondsSinceEpoch.subtractingReportingOverflow(right.secondsSinceEpoch)
    return .seconds(overflow ? (left < right ? .min : .max) : seconds)
  }
}
