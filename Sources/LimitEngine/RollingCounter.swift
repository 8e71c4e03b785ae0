internal import Limits

/// What was counted in the last so-and-so long.
///
/// It keeps each event's time, exactly, up to 64 of them; beyond that, neighbors within a 60th of the window become
/// one entry with the time of the newest. So no window of that length ever holds more than the limit, wherever it
/// begins; an event counts for at most a 60th longer than it must, only in limits with many; and the size of a counter is
/// bounded.
package struct RollingCounter: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    /// When the newest of its events was, in the limiter's milliseconds.
    var time: Int64
    var count: Int64
  }

  /// Oldest first.
  private(set) var entries: [Entry] = []
  /// How many events there are in them.
  private var sum: Int64 = 0
  /// When each of the rule's alarms was last raised.
  private(set) var alarmed: [Int64] = []

  static let mostEntries = 64
  /// A count without a window is forgotten this long after the last event.
  static let longestLife: Int64 = Duration.days(730).milliseconds

  package var total: Int { Int(sum) }

  /// How many of them were no later than that.
  func total(upTo time: Int64) -> Int {
    Int(entries.reduce(0) { $1.time <= time ? $0 + $1.count : $0 })
  }

  /// Forgets what has left the window.
  mutating func trim(to limit: Limit, now: Int64) {
    let window = Self.window(limit)
    var gone = 0
    while gone < entries.count, entries[gone].time + window <= now {
      sum -= entries[gone].count
      gone += 1
    }
    if gone > 0 { entries.removeFirst(gone) }
  }

  /// How many of them are in the window at that time, or will be if none is added.
  ///
  /// - Parameter last: later ones are not counted.
  func total(_ limit: Limit, at time: Int64, upTo last: Int64 = .max) -> Int {
    let window = Self.window(limit)
    return Int(entries.reduce(0) { $1.time + window > time && $1.time <= last ? $0 + $1.count : $0 })
  }

  /// When so many of them, the oldest, will have left the window.
  func time(without count: Int, _ limit: Limit) -> Int64 {
    guard count > 0 else { return .min }
    guard let window = limit.span else { return .never }
    var rest = Int64(count)
    for entry in entries {
      rest -= entry.count
      if rest <= 0 { return entry.time + window }
    }
    return .never
  }

  /// From when on it admits the next one, no earlier than `start`.
  func time(_ limit: Limit, cooldowns: [Duration], from start: Int64) -> Int64 {
    guard limit.count > 0 else { return .never }
    var time = max(start, time(without: total - limit.count + 1, limit))
    guard !cooldowns.isEmpty, let newest = entries.last, time < .never else { return time }
    while true {
      let left = total(limit, at: time)
      guard left > 0 else { return time }
      let end = newest.time + cooldowns[min(left, cooldowns.count) - 1].milliseconds
      if end <= time { return time }
      // After fewer of them a shorter cooldown may do.
      time = min(end, self.time(without: total - left + 1, limit))
    }
  }

  /// The same for a limit that is larger for what was verified of late, which becomes less while one waits.
  func time(_ limit: Limit, _ credit: Credit, from start: Int64) -> Int64 {
    var time = start
    while true {
      let next = self.time(limit.grown(by: credit.growth(at: time)), cooldowns: [], from: time)
      guard next > time, next < .never else { return next }
      time = next
    }
  }

  mutating func add(_ limit: Limit, now: Int64) {
    sum += 1
    if let last = entries.last, last.time >= now || limit.span == nil {
      entries[entries.count - 1].count += 1
      entries[entries.count - 1].time = max(last.time, now)
      return
    }
    if entries.count == Self.mostEntries { merge(limit) }
    entries.append(Entry(time: now, count: 1))
  }

  /// Which of the alarms this count raises, now that it was added to; each is silent for a window after it was raised.
  mutating func raiseAlarms(of rule: Rule, now: Int64) -> [Int] {
    if rule.alarms.isEmpty { return [] }
    let window = Self.window(rule.limit)
    while alarmed.count < rule.alarms.count { alarmed.append(.min) }
    return rule.alarms.enumerated().compactMap { index, percent in
      let reached = total * 100 >= rule.alarmLimit * percent
      guard reached, alarmed[index] == .min || alarmed[index] + window <= now else { return nil }
      alarmed[index] = now
      return percent
    }
  }

  /// Takes the event of that time away, if it is still counted: never another one in its place.
  mutating func remove(at time: Int64, _ limit: Limit, now: Int64) {
    guard time + Self.window(limit) > now,
      let index = entries.firstIndex(where: { $0.time >= time }),
      entries[index].time == time || entries[index].count > 1 && isNeighbor(entries[index].time, time, limit)
    else { return }
    entries[index].count -= 1
    sum -= 1
    if entries[index].count == 0 { entries.remove(at: index) }
  }

  /// Lets the oldest go until there are no more than so many.
  mutating func keep(atMost most: Int) {
    var surplus = sum - Int64(most)
    while surplus > 0, let oldest = entries.first {
      let gone = min(surplus, oldest.count)
      entries[0].count -= gone
      sum -= gone
      surplus -= gone
      if entries[0].count == 0 { entries.removeFirst() }
    }
  }

  private func isNeighbor(_ left: Int64, _ right: Int64, _ limit: Limit) -> Bool {
    limit.span == nil || left / Self.width(limit) == right / Self.width(limit)
  }

  private static func window(_ limit: Limit) -> Int64 { limit.span ?? longestLife }
  private static func width(_ limit: Limit) -> Int64 { max(1, window(limit) / 60) }

  private mutating func merge(_ limit: Limit) {
    let width = Self.width(limit)
    var merged: [Entry] = []
    for entry in entries {
      if let last = merged.last, last.time / width == entry.time / width {
        merged[merged.count - 1] = Entry(time: entry.time, count: last.count + entry.count)
      } else {
        merged.append(entry)
      }
    }
    entries = merged
  }
}

extension Int64 {
  /// No time comes to it.
  static var never: Int64 { .max }

  /// How long it is until this time; nil for `never`.
  func wait(from now: Int64) -> Duration? { self < .never ? .milliseconds(self - now) : nil }
}

extension RollingCounter {
  /// - Parameter record: empty where there is none.
  init(_ record: ArraySlice<UInt8>) throws(StoreFailure) {
    guard !record.isEmpty else { return }
    var reader = RecordReader(record)
    for _ in 0..<(try reader.take(UInt8.self)) {
      let time: Int64 = try reader.take()
      guard time == .min || 0...RecordReader.mostTime ~= time else { throw RecordReader.damaged }
      alarmed.append(time)
    }
    entries.reserveCapacity(min(reader.left / 2, Self.mostEntries) + 1)
    var time: Int64 = 0
    while !reader.isAtEnd {
      let (step, count) = (try reader.takeShort(), try reader.takeShort())
      guard step > 0 || entries.isEmpty, step <= RecordReader.mostTime - time, 1...Int64(UInt32.max) ~= count else {
        throw RecordReader.damaged
      }
      time += step
      entries.append(Entry(time: time, count: count))
      sum += count
    }
    guard entries.count <= Self.mostEntries else { throw RecordReader.damaged }
  }

  func put(in writer: inout RecordWriter) {
    writer.put(UInt8(alarmed.count))
    for time in alarmed { writer.put(time) }
    // By how much each is later than the one before: a limit that everybody is counted in is a third as long so.
    var last: Int64 = 0
    for entry in entries {
      writer.putShort(entry.time - last)
      writer.putShort(Int64(UInt32(clamping: entry.count)))
      last = entry.time
    }
  }

  /// From when it says nothing any more.
  func expires(_ limit: Limit) -> Int64 {
    max(entries.last?.time ?? 0, alarmed.max() ?? 0) + Self.window(limit)
  }
}
