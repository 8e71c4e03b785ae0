import Testing

@testable import LimitEngine
@testable import Limits

struct CreditTests {
  private let day = Duration.day.milliseconds

  @Test func `a success is worth three messages, and half as much after three days`() {
    var credit = Credit()
    #expect(credit.growth(at: 5) == 0 && !credit.isGood(at: 5))
    credit.add(now: 5)
    #expect(credit.growth(at: 5) == 3 && credit.isGood(at: 5))
    #expect(credit.value(at: 5 + 3 * day) == 500 && !credit.isGood(at: 5 + 3 * day))
    #expect(credit.isGood(at: 4 + 3 * day))
    #expect(credit.value(at: 5 + 6 * day) == 250)
    #expect(credit.growth(at: credit.expires) == 0 && credit.value(at: credit.expires) == 0)
    for _ in 0..<9 { credit.add(now: 6) }
    #expect(credit.growth(at: 6) == 30)
  }

  @Test func `it never grows beyond what can be reckoned with, and falls at any time`() throws {
    var credit = Credit()
    for _ in 0..<10 { credit.add(now: 1 << 53) }
    var last = Int64.max
    for age in stride(from: 0, to: 20 * day, by: Int(day / 5)) {
      let value = credit.value(at: 1 << 53 + age)
      #expect(value <= last)
      last = value
    }
    #expect(try Credit(credit.record[...]) == credit)
    #expect(throws: RecordReader.damaged) { try Credit([1]) }
    var writer = RecordWriter()
    writer.put(Int64(1_000_000_001))
    writer.put(Int64(1))
    let tooMuch = writer.bytes
    #expect(throws: RecordReader.damaged) { try Credit(tooMuch[...]) }
  }
}

struct DistinctCountTests {
  private let third = Duration.day.milliseconds / 3

  private func key(_ index: Int) -> CounterKey {
    CounterKey((0..<16).map { UInt8(truncatingIfNeeded: index >> (8 * ($0 % 4))) &+ UInt8($0) })
  }

  @Test(arguments: [0, 1, 10, 50, 300, 1000, 5000, 20_000])
  func `it is right within a fifth, for few and for many`(count: Int) {
    var distinct = DistinctCount()
    for index in 0..<count { _ = distinct.add(key(index).draw(0), now: 1_800_000_000_000) }
    let estimate = distinct.estimate(now: 1_800_000_000_000)
    #expect(abs(estimate - count) <= max(1, count / 5), "\(estimate)")
  }

  @Test func `a key that was seen changes nothing, and after a day and a third it is forgotten`() {
    var distinct = DistinctCount()
    let now = 1_000_000 * third
    let changed = [0, 1].map { distinct.add(key(7).draw(0), now: now + $0) }
    #expect(changed == [true, false])
    #expect(distinct.estimate(now: now + 3 * third - 1) == 1)
    #expect(distinct.estimate(now: now + 4 * third) == 0)
    #expect(distinct.expires == now + 4 * third)
  }

  @Test func `lots are even, and others for another day`() {
    let drawn = (0..<4000).map { key($0).draw(19_000) >> 62 }
    for quarter in 0..<4 as Range<UInt64> { #expect(800...1200 ~= drawn.count { $0 == quarter }) }
    let both = (0..<4000).count { key($0).draw(1) >> 63 == 1 && key($0).draw(2) >> 63 == 1 }
    #expect(800...1200 ~= both)
  }
}

struct NetListTests {
  private func net(_ id: UInt8) -> NetList.Net { NetList.Net(key: CounterKey([id]), sealed: UInt64(id)) }

  @Test func `the nets with most messages stay, and its size is bounded`() {
    var list = NetList(atMost: 4)
    for round in 0..<100 {
      list.add(net(1))
      list.add(net(2))
      list.add(net(UInt8(3 + round % 250)))
    }
    #expect(list.entries.count <= 4)
    #expect(Set(list.overview.prefix(2).map(\.sealed)) == [1, 2])
    for _ in 0..<200 { list.remove(CounterKey([1])) }
    #expect(!list.overview.contains { $0.sealed == 1 })
  }
}
