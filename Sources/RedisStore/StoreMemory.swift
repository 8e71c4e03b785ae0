/// What a link remembers of the store that it speaks with, to tell it from another one and from an older copy of itself:
/// a Redis that comes back with an old snapshot has forgotten charges.
///
/// Its last two seconds a Redis may lose and is still taken for itself. `appendfsync everysec` loses as much with the power,
/// and a replica that takes over may be as far behind where it was not the one that confirmed. So only a write counts
/// after which this same Redis went on answering for that long: then it was on the disk and with the replicas.
struct StoreMemory: Sendable, Hashable {
  /// Which store it is; empty until an answer was confirmed.
  private(set) var birth: [UInt8] = []
  /// The limiter's time of a write that the store must still have.
  private(set) var settled: Int64 = 0
  /// The time of one that will be settled next.
  private var young: Int64?

  static let mayBeLost: Int64 = 2000

  /// Takes note of a confirmed answer.
  ///
  /// - Parameters:
  ///   - write: the time of the store's newest write.
  ///   - now: the limiter's time.
  mutating func note(birth: [UInt8], write: Int64, now: Int64) {
    if birth != self.birth { self = StoreMemory(birth: birth) }
    if let time = young, time + Self.mayBeLost <= now {
      settled = max(settled, time)
      young = nil
    }
    if young == nil, write > settled { young = write }
  }

  init(birth: [UInt8] = []) {
    self.birth = birth
  }
}
