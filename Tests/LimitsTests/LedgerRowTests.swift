import Testing

@testable import LimitEngine
@testable import Limits

struct LedgerRowTests {
  @Test(arguments: [0, 65_535, 65_536, 1_000_000])
  func `a row has room for a record of any length`(length: Int) throws {
    let row = try LedgerRow(CounterKey([1]), nil)
    let record = [UInt8](repeating: 7, count: length)
    row.set(.pending, to: record, expires: 5)
    row.set(.known, to: [1], expires: 5)
    let encoded = try #require(row.encoded(now: 4))
    let read = try LedgerRow(CounterKey([1]), encoded.bytes)
    #expect(read[.pending] == record[...] && read[.known] == [1])
  }

  @Test func `a row lives as long as its last record, and leaves out what is over`() throws {
    let unknown = RecordTag(rawValue: 250)
    let row = try LedgerRow(CounterKey([1]), nil)
    row.set(.pending, to: [1], expires: 5)
    row.set(unknown, to: [2, 3], expires: 9)
    row.set(.known, to: [4], expires: 7)
    let whole = try #require(row.encoded(now: 4))
    #expect(whole.expires == 9)

    // Of another version's record nothing is known, and nothing is changed.
    let read = try LedgerRow(CounterKey([1]), whole.bytes)
    read.set(.running, to: [5], expires: 8)
    let later = try #require(read.encoded(now: 5))
    #expect(later.expires == 9)
    let reread = try LedgerRow(CounterKey([1]), later.bytes)
    #expect(reread[.pending] == nil && reread[.known] == [4] && reread[unknown] == [2, 3] && reread[.running] == [5])
    #expect(reread.encoded(now: 8)?.expires == 9)
    #expect(reread.encoded(now: 9) == nil)
  }
}
