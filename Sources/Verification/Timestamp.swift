/// A point in wall-clock time, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The domain never asks for the time: its callers pass it in. Sums and differences that do not fit saturate, so that
/// no foreign time can crash the program.
public struct Timestamp: Sendable, Hashable, Comparable {
  public let secondsSinceEpoch: Int64

  public init(secondsSinceEpoch: Int64) {
    self.secondsSinceEpoch = secondsSinceEpoch
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  /// The time `duration` later; fractions of a second are dropped.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let seconds = duration.components.seconds
    let (sum, overflow) = time.secondsSinceEpoch.addingReportingOverflow(seconds)
    return Timestamp(secondsSinceEpoch: overflow ? (seconds < 0 ? .min : .max) : sum)
  }

  /// How much later `left` is than `right`; negative if it is earlier.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    let (seconds, overflow) = left.secondsSinceEpoch.subtractingReportingOverflow(right.secondsSinceEpoch)
    return .seconds(overflow ? (left < right ? .min : .max) : seconds)
  }
}
