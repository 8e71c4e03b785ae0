import Testing
import Verification

struct AttemptTests {
  private func attempt(startedAt seconds: Int64) throws -> Attempt {
    Attempt(
      requestID: try #require(RequestID("a", of: .vonageV1)), number: try #require(PhoneNumber(e164: "1234567")),
      startedAt: Timestamp(secondsSinceEpoch: seconds), sends: 1)
  }

  @Test(arguments: [(0, false), (599, false), (600, true), (601, true), (-60, false), (-61, true)])
  func `it lives for ten minutes, and not from the future`(age: Int64, isOver: Bool) throws {
    #expect(try attempt(startedAt: 1_000).isOver(at: Timestamp(secondsSinceEpoch: 1_000 + age)) == isOver)
  }

  @Test(arguments: [Int64.min, .max]) func `a time that is out of all reason is over`(start: Int64) throws {
    #expect(try attempt(startedAt: start).isOver(at: Timestamp(secondsSinceEpoch: 1)))
  }

  @Test func `one more message of the same request keeps its start`() throws {
    let later = Timestamp(secondsSinceEpoch: 1_040)
    let again = try attempt(startedAt: 1_000).sent(again: #require(RequestID("a", of: .vonageV1)), by: .call, at: later)
    #expect(again.channel == .text && again.requestStartedAt == Timestamp(secondsSinceEpoch: 1_000))
    #expect(again.lastSentAt == later && again.sends == 2 && again.requestSends == 2)
  }

  @Test func `a new request in its place is the same attempt`() throws {
    let later = Timestamp(secondsSinceEpoch: 1_040)
    let first = try attempt(startedAt: 1_000)
    let again = first.sent(again: try #require(RequestID("b", of: .vonageV1)), by: .call, at: later)
    #expect(again.id == first.id && again.requestID.value == "b" && again.startedAt == first.startedAt)
    #expect(again.channel == .call && again.requestStartedAt == later && again.lastSentAt == later)
    #expect(again.sends == 2 && again.requestSends == 1)
  }
}
