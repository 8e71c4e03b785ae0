internal import Limits

/// About how many different keys were seen in the last day, within some 6 %: a HyperLogLog (Flajolet et al., 2007) of 256
/// registers for each third of a day, the last four of them. It is of one size, and a key that was seen before changes
/// nothing.
struct DistinctCount: Sendable, Hashable {
  /// The third of a day that the newest sketch is of.
  private var period: Int64 = 0
  /// The newest first.
  private var sketches: [UInt8] = []

  private static let size = 256
  private static let periods = 4
  private static let length: Int64 = Duration.day.milliseconds / 3

  /// - Returns: whether that changed anything.
  mutating func add(_ hash: UInt64, now: Int64) -> Bool {
    turn(now: now)
    let register = Int(hash & 0xFF)
    let rank = UInt8(min(56, (hash >> 8 | 1 << 56).trailingZeroBitCount) + 1)
    guard sketches[register] < rank else { return false }
    sketches[register] = rank
    return true
  }

  /// How many there were in the last day: those of the third that is leaving it in the part that has not left yet.
  func estimate(now: Int64) -> Int {
    var current = self
    current.turn(now: now)
    let (young, all) = current.estimates()
    return Self.estimate(young, all, at: now)
  }

  private static func estimate(_ young: Double, _ all: Double, at time: Int64) -> Int {
    let left = Double(length - time % length) / Double(length)
    // Registers that nobody filled honestly may stand for more than an integer holds.
    return Int(min(1e9, young + (max(young, all) - young) * left + 0.5))
  }

  /// What it comes to if nothing is seen any more.
  struct Decay {
    fileprivate let period: Int64
    /// Of no third, of the newest, of the newest two, and so on.
    fileprivate let estimates: [Double]

    /// The same as the count's own.
    func estimate(at time: Int64) -> Int {
      let gone = Int(min(Int64(periods), max(0, time / length - period)))
      return DistinctCount.estimate(estimates[max(0, periods - 1 - gone)], estimates[periods - gone], at: time)
    }

    /// From when on it is no more than that, and no earlier than `start`.
    func time(atMost count: Int, from start: Int64) -> Int64 {
      guard count >= 0 else { return .never }
      var time = start
      while estimate(at: time) > count {
        // In a third of a day it only becomes less.
        var (early, late) = (time, (time / length + 1) * length)
        if estimate(at: late - 1) > count {
          time = late
          continue
        }
        late -= 1
        while late - early > 1 {
          let middle = early + (late - early) / 2
          if estimate(at: middle) > count { early = middle } else { late = middle }
        }
        return late
      }
      return time
    }

    private var length: Int64 { DistinctCount.length }
    private var periods: Int { DistinctCount.periods }
  }

  func decay(now: Int64) -> Decay {
    var current = self
    current.turn(now: now)
    let period = current.period
    let (three, four) = current.estimates()
    current.turn(now: (period + 2) * Self.length)
    let (one, two) = current.estimates()
    return Decay(period: period, estimates: [0, one, two, three, four])
  }

  private typealias Histogram = InlineArray<59, Int>

  /// Of all thirds but the oldest, and of all.
  private func estimates() -> (young: Double, all: Double) {
    var (young, all) = (Histogram(repeating: 0), Histogram(repeating: 0))
    // Sixteen registers at once: it is asked for with every message to a stranger.
    unsafe sketches.withUnsafeBytes { sketches in
      let size = Self.size
      for start in stride(from: 0, to: size, by: 16) {
        var ranks = SIMD16<UInt8>(repeating: 0)
        for period in 0..<Self.periods - 1 {
          ranks = unsafe pointwiseMax(
            ranks, sketches.loadUnaligned(fromByteOffset: period * size + start, as: SIMD16.self))
        }
        let oldest = unsafe sketches.loadUnaligned(
          fromByteOffset: (Self.periods - 1) * size + start, as: SIMD16<UInt8>.self)
        let allRanks = pointwiseMax(ranks, oldest)
        for index in ranks.indices {
          young[Int(ranks[index])] += 1
          all[Int(allRanks[index])] += 1
        }
      }
    }
    return (Self.estimate(of: young), Self.estimate(of: all))
  }

  /// The estimate of Ertl (2017, "New cardinality estimation algorithms for HyperLogLog sketches"), which is as good for few as for many.
  ///
  /// - Parameter histogram: how many registers have each rank.
  private static func estimate(of histogram: Histogram) -> Double {
    let size = Double(Self.size)
    // No register is ever full: 2⁵⁶ keys would be needed for each.
    var sum = 0.0
    for rank in (1...57).reversed() { sum = (sum + Double(histogram[rank])) / 2 }
    sum += size * sigma(Double(histogram[0]) / size)
    guard sum > 0, sum.isFinite else { return 0 }
    // 1 / (2 ln 2)
    return 0.721_347_520_444_481_7 * size * size / sum
  }

  private static func sigma(_ part: Double) -> Double {
    if part == 1 { return .infinity }
    var (power, weight, sum) = (part, 1.0, part)
    while true {
      power *= power
      let last = sum
      sum += power * weight
      weight += weight
      if sum == last { return sum }
    }
  }

  private mutating func turn(now: Int64) {
    let current = now / Self.length
    // The limiter's time never goes back: what is of the future was not seen.
    if sketches.isEmpty || period > current {
      sketches = [UInt8](repeating: 0, count: Self.size * Self.periods)
      period = min(period, current)
    }
    guard current > period else { return }
    let past = min(Int64(Self.periods), current - period)
    period = current
    sketches.removeLast(Int(past) * Self.size)
    sketches.insert(contentsOf: [UInt8](repeating: 0, count: Int(past) * Self.size), at: 0)
  }

  var expires: Int64 { (period + Int64(Self.periods)) * Self.length }
}

extension DistinctCount {
  init(_ reader: inout RecordReader) throws(StoreFailure) {
    period = try reader.takeTime()
    sketches = Array(try reader.takeSlice())
    guard period <= RecordReader.mostTime / Self.length,
      sketches.isEmpty || sketches.count == Self.size * Self.periods, sketches.allSatisfy({ $0 <= 57 })
    else { throw RecordReader.damaged }
  }

  func put(in writer: inout RecordWriter) {
    writer.put(period)
    writer.putField { $0.append(sketches[...]) }
  }
}

extension CounterKey {
  /// A number that is drawn from the key, and from what is drawn for. Keys are keyed hashes: nobody else can draw it.
  func draw(_ purpose: Int64) -> UInt64 {
    var state: UInt64 = UInt64(bitPattern: purpose) &* 0x9E37_79B9_7F4A_7C15
    for byte in bytes {
      state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
      state ^= state >> 29
    }
    // The finalizer of SplitMix64.
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return state ^ (state >> 31)
  }
}
