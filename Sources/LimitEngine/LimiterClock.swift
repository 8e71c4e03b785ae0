internal import Limits

/// The limiter's time: milliseconds that never step, whatever is done to the wall clocks.
///
/// The store keeps, for each machine's current boot, what the limiter's time was at which time since boot; from then on
/// that machine's time is that, plus what has passed on its boot clock. The limiter's time is the latest that any
/// machine said. The wall clock is looked at only where there is nothing else: at the very first use, and to learn how
/// much time has passed since the last use when a machine was booted or is new. It then moves the time by as much as
/// the wall clock has, and never back. After a wall clock was set back it counts for nothing over a boot until it is where
/// it would have been: limits then hold for longer, and never for ever, because time since boot goes on.
///
/// A machine's anchor stays where it was first set: readings arrive a little late and in any order, and if each of them
/// moved an anchor to the latest time, time would run faster the more is asked. Copies of one machine (a restored snapshot,
/// or several that run at the same time) share its boot and not its clock: each has an anchor of its own, because one that
/// was set anew whenever another copy was heard would add their difference each time. A copy that is ahead is told by the
/// wall clock, which did not go on as far as its boot clock. So a wall clock that is set back by less than the time for which
/// nobody came makes the machine a copy of itself, once: the limiter's time then lags by that, and limits hold for longer.
struct LimiterClock: Sendable, Hashable {
  struct Anchor: Sendable, Hashable {
    let boot: [UInt8]
    let sinceBoot: Int64
    let time: Int64
    /// The highest that this boot's clock was seen at.
    var seen: Int64
    /// What the wall clock said then.
    var wallSeen: Int64

    func time(of machine: MachineTime) -> Int64 { time + machine.sinceBoot - sinceBoot }

    /// Whether it may be the machine's own, and not one of a copy.
    func fits(_ machine: MachineTime) -> Bool {
      guard boot == machine.boot, seen - LimiterClock.lateness <= machine.sinceBoot else { return false }
      let passed = machine.wall - wallSeen
      // A wall clock that was set back tells nothing.
      return passed < -LimiterClock.delay || machine.sinceBoot - seen <= passed + LimiterClock.delay
    }
  }

  /// The latest time, and what the wall clock said then, or would have said, had it not been set back.
  private(set) var latest: Int64
  private(set) var wallAtLatest: Int64
  /// Latest used last.
  private(set) var anchors: [Anchor] = []

  static let mostAnchors = 32
  /// Of one boot: so many copies of a machine are told apart.
  static let mostOfBoot = 4
  /// A boot clock that is behind itself by more than this was not read late: the machine is a copy.
  static let lateness: Int64 = 60_000
  /// A boot clock that went further than the wall clock by more than this is a copy's. Redis' wall clock may be read so long
  /// after a machine's boot clock; copies that are not further apart than this count as one.
  static let delay: Int64 = 10_000

  /// Makes time go on to what `machine` says.
  ///
  /// - Returns: whether its boot was known.
  mutating func advance(to machine: MachineTime) -> Bool {
    let expected = latest + max(0, machine.wall - wallAtLatest)
    // Mostly there is one. Of several, which are of copies, the one that comes closest to the wall clock; the latest of two.
    let known = anchors.indices.reversed().filter { anchors[$0].fits(machine) }
      .min { abs(anchors[$0].time(of: machine) - expected) < abs(anchors[$1].time(of: machine) - expected) }
    let anchor = known.map { anchors.remove(at: $0) }
    let time = anchor?.time(of: machine) ?? expected
    if time > latest {
      // One that was set back would seem to skip ahead when it is right again after a boot.
      wallAtLatest = max(wallAtLatest + time - latest, machine.wall)
      latest = time
    }
    var next =
      anchor
      ?? Anchor(
        boot: machine.boot, sinceBoot: machine.sinceBoot, time: latest, seen: machine.sinceBoot, wallSeen: machine.wall)
    if machine.sinceBoot >= next.seen {
      next.seen = machine.sinceBoot
      next.wallSeen = machine.wall
    }
    anchors.append(next)
    guard anchor == nil else { return true }
    let ofBoot = anchors.indices.filter { anchors[$0].boot == machine.boot }
    if ofBoot.count > Self.mostOfBoot {
      anchors.remove(at: ofBoot[0])
    } else if anchors.count > Self.mostAnchors {
      anchors.removeFirst()
    }
    return false
  }
}

extension LimiterClock {
  init(_ record: ArraySlice<UInt8>?, _ machine: MachineTime) throws(StoreFailure) {
    guard let record else {
      latest = machine.wall
      wallAtLatest = machine.wall
      return
    }
    var reader = RecordReader(record)
    latest = try reader.takeTime()
    wallAtLatest = try reader.takeTime()
    while !reader.isAtEnd {
      anchors.append(
        Anchor(
          boot: try reader.takeField(), sinceBoot: try reader.takeTime(), time: try reader.takeTime(),
          seen: try reader.takeTime(), wallSeen: try reader.takeTime()))
    }
  }

  var record: [UInt8] {
    var writer = RecordWriter()
    writer.put(latest)
    writer.put(wallAtLatest)
    for anchor in anchors {
      writer.put(anchor.boot)
      writer.put(anchor.sinceBoot)
      writer.put(anchor.time)
      writer.put(anchor.seen)
      writer.put(anchor.wallSeen)
    }
    return writer.bytes
  }
}
