internal import Limits

/// What was verified of late, by an address, a net or a range: each success counts for one, and for half of it after about
/// three days. It makes the limits of its owner's unverified messages larger: whoever verifies may leave more unverified. What a net has left unverified is kept in the same way.
struct Credit: Sendable, Hashable {
  private var thousandths: Int64 = 0
  private var time: Int64 = 0

  private static let halfLife: Int64 = Duration.days(3).milliseconds
  private static let most: Int64 = 1_000_000_000
  /// How many messages more for each success.
  private static let worth: Int64 = 3
  static let mostGrowth = Int(most * worth / 1000)

  /// In thousandths of a success. It falls in straight lines from one half to the next: the same on any machine.
  func value(at time: Int64) -> Int64 {
    let age = max(0, time - self.time)
    let half = thousandths >> min(62, age / Self.halfLife)
    return half - half * (age % Self.halfLife) / (2 * Self.halfLife)
  }

  /// By how many messages its owner's limits are larger.
  ///
  /// - Parameter worth: how many for each success.
  func growth(at time: Int64, worth: Int64 = Self.worth) -> Int { Int((value(at: time) * worth + 500) / 1000) }

  /// Whether there was as much as one of late.
  func isGood(at time: Int64) -> Bool { value(at: time) > Self.leastGood }

  static let leastGood: Int64 = 500

  /// From when on it is worth no more than that, if nothing is added, and no earlier than `start`.
  func time(atMost most: Int64, from start: Int64) -> Int64 {
    guard value(at: start) > most else { return start }
    guard most >= 0 else { return .never }
    var halvings = max(0, start - time) / Self.halfLife
    while true {
      let (half, begin) = (thousandths >> min(62, halvings), time + halvings * Self.halfLife)
      if half <= most { return max(start, begin) }
      let rest = ((half - most) * 2 * Self.halfLife + half - 1) / half
      if rest < Self.halfLife { return max(start, begin + rest) }
      halvings += 1
    }
  }

  mutating func add(now: Int64) {
    thousandths = min(Self.most, value(at: now) + 1000)
    time = max(time, now)
  }

  mutating func remove(now: Int64) {
    thousandths = max(0, value(at: now) - 1000)
    time = max(time, now)
  }

  /// From when it is worth nothing.
  var expires: Int64 { time + Self.halfLife * Int64(64 - thousandths.leadingZeroBitCount) }
}

extension Credit {
  init(_ record: ArraySlice<UInt8>?) throws(StoreFailure) {
    guard let record else { return }
    var reader = RecordReader(record)
    thousandths = try reader.takeTime()
    time = try reader.takeTime()
    try reader.finish()
    guard thousandths <= Self.most else { throw RecordReader.damaged }
  }

  var record: [UInt8] {
    var writer = RecordWriter(size: 16)
    writer.put(thousandths)
    writer.put(time)
    return writer.bytes
  }
}
