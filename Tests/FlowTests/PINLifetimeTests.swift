import Testing
import Verification

@testable import Flow
@testable import Tokens

private func lifetime(age: Int, of lifetime: Int = 300, isJoined: Bool = false) -> PINLifetime {
  let start = Timestamp(secondsSinceEpoch: 1_800_000_000)
  let attempt = Attempt(requestID: .test, number: PhoneNumber(e164: "12025550143")!, startedAt: start, sends: 1)
  return PINLifetime(
    of: PendingAttempt(
      attempt: attempt, isJoined: isJoined, pinMadeAt: start, nextSendAt: start,
      browserTag: [UInt8](repeating: 0, count: 8)), lifetime: .seconds(lifetime),
    at: start + .seconds(age))
}

@Test(arguments: [
  (0, PINLifetime.fresh(minutes: 5)), (-60, .fresh(minutes: 5)), (1, .left(minutes: 5)), (59, .left(minutes: 5)),
  (60, .left(minutes: 4)), (239, .left(minutes: 2)), (240, .left(minutes: 1)), (299, .left(minutes: 1)), (300, .over),
])
func `the time left is told in minutes, rounded up`(age: Int, expected: PINLifetime) {
  #expect(lifetime(age: age) == expected)
}

@Test func `no PIN is good for longer than an attempt lives`() {
  #expect(lifetime(age: 0, of: 3_600) == .fresh(minutes: 10))
  #expect(lifetime(age: 599, of: 3_600) == .left(minutes: 1))
  #expect(lifetime(age: 600, of: 3_600) == .over)
}

@Test func `of a joined request nobody knows`() {
  #expect(lifetime(age: 0, isJoined: true) == .unknown)
  #expect(lifetime(age: 1_000, isJoined: true) == .unknown)
}
