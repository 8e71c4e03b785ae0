/// What a link remembers of the store that it speaks with, to tell it from another one and from an older copy of itself:
/// a Redis that comes back with an old snapshot has forgotten reservations.
///
/// It remembers the time of the store's newest write, and that of a mark of its own, which it leaves in the store from time
/// to time: the former goes on in an older copy too, as soon as another process, which cannot know, has written to it.
struct StoreMemory: Sendable, Hashable {
  /// A time that was seen in the store, in the limiter's milliseconds.
  ///
  /// Its last two seconds a Redis may lose and is still taken for itself. `appendfsync everysec` loses as much with the
  /// power, and a replica that takes over may be as far behind where it was not the one that confirmed. So only a write
  /// counts after which this same Redis went on answering for that long: then it was on the disk and with the replicas.
  struct Trace: Sendable, Hashable {
    /// One that the store must still have.
    private(set) var settled: Int64 = 0
    /// One that will be settled next.
    private var young: Int64?

    mutating func note(_ time: Int64, now: Int64) {
      if let time = young, time + mayBeLost <= now {
        settled = max(settled, time)
        young = nil
      }
      if young == nil, time > settled { young = time }
    }
  }

  /// Which store it is; empty until an answer was confirmed.
  private(set) var birth: [UInt8] = []
  /// Of the store's newest write.
  private(set) var write = Trace()
  /// Of the link's own mark.
  private(set) var mark = Trace()

  static let mayBeLost: Int64 = 2000
  /// For how long a mark is missed.
  static let markLife: Int64 = 86_400_000

  /// Whether the link leaves a mark: not before it has something to remember, so that a process that lives for one request
  /// leaves none.
  var leavesMark: Bool { write.settled > 0 }

  /// Takes note of a confirmed answer.
  ///
  /// - Parameters:
  ///   - write: the time of the store's newest write.
  ///   - mark: the time of the link's mark, 0 where it has none.
  ///   - now: the limiter's time.
  mutating func note(birth: [UInt8], write: Int64, mark: Int64, now: Int64) {
    if birth != self.birth { self = StoreMemory(birth: birth) }
    self.write.note(write, now: now)
    self.mark.note(mark, now: now)
  }

  init(birth: [UInt8] = []) {
    self.birth = birth
  }
}
