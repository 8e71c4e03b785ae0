import Testing
import Verification

@Suite struct E164Tests {
  @Test(arguments: ["1234567", "123456789012345"])
  func `7 and 15 digits are a number`(digits: String) {
    #expect(PhoneNumber(e164: digits)?.digits == digits)
  }

  @Test(arguments: [
    "", "123456", "1234567890123456", "0123456789", "+12025550143", "1202 5550143", "１２０２５５５０１４３", "١٢٣٤٥٦٧",
  ])
  func `anything else is none`(digits: String) {
    #expect(PhoneNumber(e164: digits) == nil)
  }

  @Test func `it masks itself like a typed one`() throws {
    let number = try #require(PhoneNumber(e164: "12025550143"))

    #expect("\(number)" == "*********43")
  }
}
