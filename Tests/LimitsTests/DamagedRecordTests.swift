import CounterStoreContract
import Testing

@testable import LimitEngine
@testable import Limits

/// Records in which a number is not one that was ever written: they are refused when they are read, and nothing is reckoned
/// with them.
struct DamagedRecordTests {
  private let times: [Int64] = [.min, .min + 1, -1, 1 << 53 + 1, .max]

  private func record(_ body: (inout RecordWriter) -> Void) -> ArraySlice<UInt8> {
    var writer = RecordWriter()
    body(&writer)
    return writer.bytes[...]
  }

  /// A counter with entries as they are written: by how much each is later, and how many it counts.
  private func counter(alarmed: Int64, _ entries: (later: Int64, count: Int64)...) -> ArraySlice<UInt8> {
    record { writer in
      writer.put(UInt8(1))
      writer.put(alarmed)
      for entry in entries {
        writer.putShort(entry.later)
        writer.putShort(entry.count)
      }
    }
  }

  @Test
  func `a counter`() throws {
    let counter = try RollingCounter(counter(alarmed: .min, (1 << 53 - 1, 7), (1, 1)))
    #expect(counter.entries == [.init(time: 1 << 53 - 1, count: 7), .init(time: 1 << 53, count: 1)])
    #expect(counter.total == 8)
    let entries: [[(Int64, Int64)]] = [
      [(1 << 53 + 1, 1)], [(.max, 1)], [(1 << 53, 1), (1, 1)], [(5, 1), (.max, 1)],  // later than any time
      [(5, 1), (0, 1)],  // twice the same time
      [(5, 0)], [(5, 1 << 32)],
    ]
    for entries in entries {
      let record = record { writer in
        writer.put(UInt8(0))
        for (later, count) in entries {
          writer.putShort(later)
          writer.putShort(count)
        }
      }
      #expect(throws: RecordReader.damaged) { try RollingCounter(record) }
    }
    for time in times where time > .min {
      #expect(throws: RecordReader.damaged) { try RollingCounter(self.counter(alarmed: time, (5, 1))) }
    }
  }

  @Test(arguments: [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 1 << 53, .max] as [Int64])
  func `a short number is read as it was written`(number: Int64) throws {
    var reader = RecordReader(record { $0.putShort(number) })
    #expect(try reader.takeShort() == number)
    try reader.finish()
  }

  @Test(
    arguments: [
      [], [0x80], [0x80, 0], [0xFF, 0x80, 0], Array(repeating: 0xFF, count: 9), Array(repeating: 0x80, count: 20),
    ] as [[UInt8]])
  func `a short number that is not as short as it can be, or without an end`(bytes: [UInt8]) {
    var reader = RecordReader(bytes)
    #expect(throws: RecordReader.damaged) { try reader.takeShort() }
  }

  @Test
  func `a ration's state`() throws {
    func state(emptyAt: Int64 = 1, since: Int64 = 1, openUntil: Int64 = 1, nets: UInt8 = 1, count: UInt32 = 1)
      -> ArraySlice<UInt8>
    {
      record {
        for time in [emptyAt, since, openUntil] { $0.put(time) }
        for _ in 0..<2 { $0.putField { $0.append(counter(alarmed: 5, (5, 1))) } }
        $0.put(nets)
        for _ in 0..<nets {
          $0.put([7, 7])
          $0.put(UInt64(9))
          $0.put(count)
        }
      }
    }
    _ = try RationState(state(emptyAt: 1 << 53, since: 1 << 53, openUntil: 1 << 53, nets: 4))
    #expect(throws: RecordReader.damaged) { try RationState(state(nets: 5)) }
    #expect(throws: RecordReader.damaged) { try RationState(state(count: 0)) }
    for time in times {
      #expect(throws: RecordReader.damaged) { try RationState(state(emptyAt: time)) }
      #expect(throws: RecordReader.damaged) { try RationState(state(since: time)) }
      #expect(throws: RecordReader.damaged) { try RationState(state(openUntil: time)) }
    }
  }

  @Test
  func `a ration with more young messages than can be reckoned with`() throws {
    let many = (0..<RollingCounter.mostEntries).map { _ in (later: Int64(1), count: Int64(UInt32.max)) }
    let state = try RationState(
      record {
        for time in [1 << 53, 1, 0] as [Int64] { $0.put(time) }
        $0.putField { writer in
          writer.put(UInt8(0))
          for entry in many {
            writer.putShort(entry.later)
            writer.putShort(entry.count)
          }
        }
        $0.putField { _ in }
        $0.put(UInt8(0))
      })
    let ration = Ration(.countryRation, CounterKey([1]), Limit(1, per: .days(400)), grace: .seconds(3600))
    var changed = state
    // None of a ration of one is let pass for its youth, and one at a time drips away.
    #expect(state.time(ration, Credit(), as: .stranger, from: 100) == 1 << 53 - Duration.days(400).milliseconds + 1)
    _ = changed.send(ration, Credit(), as: .stranger, by: nil, now: 100)
    _ = changed.end(ration, Credit(), now: 100)
  }

  @Test
  func `a ration that was covered by more than there is credit`() throws {
    func state(covered: Int64) -> ArraySlice<UInt8> {
      record {
        for time in [5, 0, 0] as [Int64] { $0.put(time) }
        for _ in 0..<2 { $0.putField { _ in } }
        $0.put(UInt8(0))
        $0.put(covered)
      }
    }
    _ = try RationState(state(covered: Int64(Credit.mostGrowth)))
    for covered in times + [Int64(Credit.mostGrowth) + 1] {
      #expect(throws: RecordReader.damaged) { try RationState(state(covered: covered)) }
    }
  }

  /// A count of those who ask, all of whose registers are the same.
  private func distinct(period: Int64, register: UInt8) throws -> DistinctCount {
    var reader = RecordReader(
      record {
        $0.put(period)
        $0.putField { $0.append([UInt8](repeating: register, count: 1024)[...]) }
      })
    return try DistinctCount(&reader)
  }

  @Test
  func `a count of those who ask`() throws {
    let third = Duration.day.milliseconds / 3
    let now: Int64 = 1_000_000 * third
    #expect(try distinct(period: 1_000_000, register: 57).estimate(now: now) == 1_000_000_000)
    // Nobody has asked in the future.
    let last = RecordReader.mostTime / third
    var future = try distinct(period: last, register: 57)
    #expect(future.estimate(now: now) == 0)
    let isNew = future.add(7, now: now)
    #expect(isNew && future.estimate(now: now) == 1)
    for period in times + [last + 1] {
      #expect(throws: RecordReader.damaged) { try distinct(period: period, register: 1) }
    }
    #expect(throws: RecordReader.damaged) { try distinct(period: 1, register: 58) }
  }

  @Test(arguments: [0, 33, 65, 300])
  func `a list of browsers`(length: Int) throws {
    func list(_ length: Int) -> ArraySlice<UInt8> {
      record {
        $0.put([UInt8](repeating: 7, count: length))
        $0.put(Int64(5))
      }
    }
    _ = try BrowserList<Int64>(list(32)) { reader throws(StoreFailure) in try reader.take() }
    #expect(throws: RecordReader.damaged) {
      _ = try BrowserList<Int64>(list(length)) { reader throws(StoreFailure) in try reader.take() }
    }
  }

  @Test(arguments: [16, 17])
  func `a list of more browsers than are kept`(count: Int) throws {
    let list = record { writer in
      for index in 0..<count {
        writer.put([UInt8(index)])
        writer.put(Int64(5))
      }
    }
    let read = try? BrowserList<Int64>(list) { reader throws(StoreFailure) in try reader.take() }
    #expect(read?.entries.count == (count == 16 ? 16 : nil))
  }

  @Test
  func `the clock`() throws {
    let machine = MachineTime(boot: [1], sinceBoot: 1, wall: 1)
    for position in 0..<6 {
      for time in times + [5] {
        let clock = record { writer in
          let numbers = (0..<6).map { $0 == position ? time : 5 }
          for number in numbers[..<2] { writer.put(number) }
          writer.put([1])
          for number in numbers[2...] { writer.put(number) }
        }
        if time == 5 {
          _ = try LimiterClock(clock, machine)
        } else {
          #expect(throws: RecordReader.damaged) { try LimiterClock(clock, machine) }
        }
      }
    }
  }

  @Test
  func `an outbox that cannot be read, and a message in it, keep nobody from succeeding`() async throws {
    let clock = ManualClock()
    let store = MemoryStore(clock: clock.now)
    let outbox = Keys.key("outbox")
    func succeed(_ name: String) async throws -> Bool {
      let message = OutboxMessage(Array(name.utf8), to: outbox)
      return try await store.consume(OneTimeUse(key: Keys.key(name), life: .seconds(3600), message: message)).isDone
    }
    #expect(try await succeed("one"))
    for damaged in [[0xFF, 0xFF, 0xFF], [1, 2]] as [[UInt8]] {
      store.write(outbox, damaged, expires: .max)
      #expect(try await succeed("after \(damaged)"))
    }
    #expect(try await store.lease(outbox, atMost: 9).messages.map(\.content) == [Array("after [1, 2]".utf8)])
    #expect(try await succeed("damaged"))
    #expect(try await succeed("the last"))
    store.write(CounterKey(outbox.bytes + [0, 0, 0, 0, 0, 0, 0, 0, 1]), [0xFF, 0xFF, 0xFF], expires: .max)
    let lease = try await store.lease(outbox, atMost: 9)
    #expect(lease.messages.map(\.content) == [Array("the last".utf8)] && lease.unreadable == 1 && lease.lost == 1)
  }
}
