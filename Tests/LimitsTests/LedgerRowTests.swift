import Testing

@testable import Verification

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
}
