import Testing
import Verification

struct AttemptTests {
  private func attempt(startedAt seconds: Int64) throws -> Attempt {
    Attempt(
      requestID: try #require(RequestID("a")), number: try #require(PhoneNumber(typed: "1234567")),
      startedAt: Timestamp(secondsSinceEpoch: seconds), sends: 1)
  }

  @Test(arguments: [(0, false), (599, false), (600, true), (601, true), (-60, false), (-61, true)])
  func `it lives for ten minutes, and not from the future`(age: Int64, isOver: Bool) throws {
    #expect(try attempt(startedAt: 1_000).isOver(at: Timestamp(secondsSinceEpoch: 1_000 + age)) == isOver)
  }

  @Test(arguments: [Int64.min, .max]) func `a time that is out of all reason is over`(start: Int64) throws {
    #expect(try attempt(startedAt: start).isOver(at: Timestamp(secondsSinceEpoch: 1)))
  }
}
