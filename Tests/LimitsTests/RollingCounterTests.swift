import Testing

@testable import LimitEngine
@testable import Limits

struct RollingCounterTests {
  @Test
  func `a counter never keeps more than 64 entries`() throws {
    let limit = Limit(1_000_000, per: .seconds(3600))
    var counter = RollingCounter()
    for time in stride(from: 0 as Int64, to: 20_000_000, by: 997) {
      counter.trim(to: limit, now: time)
      counter.add(limit, now: time)
      #expect(counter.entries.count <= RollingCounter.mostEntries)
    }
    #expect(try RollingCounter(counter.record[...]) == counter)
  }

  @Test(arguments: [1, 2, 8, 10, 12])
  func `a record that was cut short or made longer is corrupt`(_ length: Int) throws {
    var counter = RollingCounter()
    let rule = Rule(.siteHour, CounterKey([1]), Limit(1, per: .seconds(60)), alarms: [50])
    counter.add(rule.limit, now: 5)
    _ = counter.raiseAlarms(of: rule, now: 5)
    let record = counter.record
    #expect(record.count == 11)
    let changed = length < 11 ? record.prefix(length) : (record + [0])[...]
    #expect(throws: StoreFailure.self) { try RollingCounter(changed) }
  }
}

extension RollingCounter {
  fileprivate var record: [UInt8] {
    var writer = RecordWriter()
    put(in: &writer)
    return writer.bytes
  }
}
