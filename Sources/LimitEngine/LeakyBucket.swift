internal import Limits

/// What drips away at an even rate, as the time at which all of it will be gone (the virtual scheduling of ITU-T I.371's
/// generic cell rate algorithm): one number, exact however often it is looked at.
struct LeakyBucket: Sendable, Hashable {
  /// In the limiter's milliseconds; in the past when it is empty.
  private(set) var emptyAt: Int64 = 0

  init() {}

  init(emptyAt: Int64) { self.emptyAt = emptyAt }

  /// How long until one of `limit` drips away.
  static func step(_ limit: Limit) -> Int64 { max(1, (limit.span ?? 1) / Int64(max(1, limit.count))) }

  /// How much is in it, in milliseconds of dripping.
  func level(at time: Int64) -> Int64 { max(0, emptyAt - time) }

  /// From when on no more than that is in it, if nothing is added.
  func time(atMost level: Int64) -> Int64 { emptyAt - level }

  /// Never so much that adding to it for ever would leave what can be reckoned with.
  mutating func add(_ amount: Int64, now: Int64) {
    emptyAt = min(max(emptyAt, now) + amount, now + Self.most)
  }

  mutating func remove(_ amount: Int64, now: Int64) {
    emptyAt = max(max(emptyAt, now) - amount, now)
  }

  /// Lets go what is above this.
  mutating func keep(atMost level: Int64, now: Int64) {
    emptyAt = min(emptyAt, now + level)
  }

  private static let most: Int64 = Duration.days(400).milliseconds
}
