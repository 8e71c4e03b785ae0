import Testing

@testable import LimitEngine
@testable import Limits

struct StoredRecordTests {
  @Test(arguments: [0, 65_535, 65_536, 1_000_000])
  func `a record has room for a field of any length`(length: Int) throws {
    let record = try StoredRecord(CounterKey([1]), nil)
    let field = [UInt8](repeating: 7, count: length)
    record.set(.openSends, to: field, expires: 5)
    record.set(.trusted, to: [1], expires: 5)
    let encoded = try #require(record.encoded(now: 4))
    let read = try StoredRecord(CounterKey([1]), encoded.bytes)
    #expect(read[.openSends] == field[...] && read[.trusted] == [1])
  }

  @Test func `a record lives as long as its last field, and leaves out what is over`() throws {
    let unknown = FieldTag(rawValue: 250)
    let record = try StoredRecord(CounterKey([1]), nil)
    record.set(.openSends, to: [1], expires: 5)
    record.set(unknown, to: [2, 3], expires: 9)
    record.set(.trusted, to: [4], expires: 7)
    let whole = try #require(record.encoded(now: 4))
    #expect(whole.expires == 9)

    // Of another version's field nothing is known, and nothing is changed.
    let read = try StoredRecord(CounterKey([1]), whole.bytes)
    read.set(.running, to: [5], expires: 8)
    let later = try #require(read.encoded(now: 5))
    #expect(later.expires == 9)
    let reread = try StoredRecord(CounterKey([1]), later.bytes)
    #expect(
      reread[.openSends] == nil && reread[.trusted] == [4] && reread[unknown] == [2, 3] && reread[.running] == [5])
    #expect(reread.encoded(now: 8)?.expires == 9)
    #expect(reread.encoded(now: 9) == nil)
  }
}
