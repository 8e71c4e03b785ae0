/// What a process remembers about its store, to tell it from a different store and from an older copy of itself: a
/// Redis that comes back with an old snapshot has forgotten reservations.
///
/// It remembers the time of the store's latest write, and that of a mark of its own that it leaves in the store from
/// time to time. The latest write alone is not enough: in an older copy it advances too, as soon as another process,
/// which cannot tell, writes to it.
struct StoreMemory: Sendable, Hashable {
  /// A time that was seen in the store, in the limit engine's milliseconds.
  ///
  /// A Redis may lose its last two seconds and still count as the same store: `appendfsync everysec` loses as much in a
  /// power failure, and a replica that takes over may be as far behind if it is not the one that confirmed. So a write
  /// is remembered only once the same Redis has kept answering for that long afterwards: then it is on disk and on the
  /// replicas.
  struct Trace: Sendable, Hashable {
    /// The latest time that the store must still have.
    private(set) var settled: Int64 = 0
    /// The next time to be settled.
    private var young: Int64?

    mutating func note(_ time: Int64, now: Int64) {
      if let time = young, time + mayBeLost <= now {
        settled = max(settled, time)
        young = nil
      }
      if young == nil, time > settled { young = time }
    }
  }

  /// Identifies the store; empty until a reply has been confirmed.
  private(set) var identity: [UInt8] = []
  /// The time of the store's latest write.
  private(set) var write = Trace()
  /// The time of the process's own mark.
  private(set) var mark = Trace()

  static let mayBeLost: Int64 = 2000
  /// How long a mark is expected to exist.
  static let markLife: Int64 = 86_400_000

  /// Whether to leave a mark: not before there is something to remember, so that a process that lives for one request
  /// leaves none.
  var leavesMark: Bool { write.settled > 0 }

  /// Takes note of a confirmed reply.
  ///
  /// - Parameters:
  ///   - write: the time of the store's latest write.
  ///   - mark: the time of the process's mark; 0 if there is none.
  ///   - now: the limit engine's time.
  mutating func note(identity: [UInt8], write: Int64, mark: Int64, now: Int64) {
    if identity != self.identity { self = StoreMemory(identity: identity) }
    self.write.note(write, now: now)
    self.mark.note(mark, now: now)
  }

  init(identity: [UInt8] = []) {
    self.identity = identity
  }
}
