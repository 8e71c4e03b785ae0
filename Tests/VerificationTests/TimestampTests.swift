import Testing
import Verification

struct TimestampTests {
  private func time(_ seconds: Int64) -> Timestamp { Timestamp(secondsSinceEpoch: seconds) }

  @Test func `times have an order`() {
    #expect(time(1) < time(2))
    #expect(!(time(2) < time(2)))
    #expect(time(-1) < time(0))
  }

  @Test func `a duration is added in whole seconds`() {
    #expect(time(10) + .seconds(5) == time(15))
    #expect(time(10) + .milliseconds(5_999) == time(15))
    #expect(time(10) + .seconds(-20) == time(-10))
  }

  @Test func `a difference is positive when the left is later`() {
    #expect(time(15) - time(10) == .seconds(5))
    #expect(time(10) - time(15) == .seconds(-5))
  }

  @Test func `what does not fit stops at the end`() {
    #expect(time(.max) + .seconds(1) == time(.max))
    #expect(time(.min) + .seconds(-1) == time(.min))
    #expect(time(.max) - time(-1) == .seconds(Int64.max))
    #expect(time(.min) - time(1) == .seconds(Int64.min))
    #expect(time(.max) - time(0) == .seconds(Int64.max))
  }
}
