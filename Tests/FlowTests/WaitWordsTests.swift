import Testing

@testable import Flow

@Test(arguments: [
  (0, "1 second"), (1, "1 second"), (2, "2 seconds"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"),
  (120, "2 minutes"), (121, "3 minutes"), (3600, "60 minutes"), (5400, "90 minutes"), (5401, "2 hours"),
  (7200, "2 hours"), (7201, "3 hours"), (129_600, "36 hours"), (129_601, "2 days"),
])
func `a time to wait is never told too short`(seconds: Int, words: String) {
  #expect(WaitWords.text(.seconds(seconds)) == words)
}

@Test func `parts of a second count as a whole one`() {
  #expect(WaitWords.seconds(.milliseconds(1001)) == 2)
  #expect(WaitWords.seconds(.milliseconds(1000)) == 1)
}
