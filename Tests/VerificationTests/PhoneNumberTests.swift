import Testing
import Verification

struct PhoneNumberTests {
  @Test func `a number has 7 to 15 digits`() {
    #expect(PhoneNumber(e164: "123456") == nil)
    #expect(PhoneNumber(e164: "1234567")?.digits == "1234567")
    #expect(PhoneNumber(e164: "123456789012345")?.digits == "123456789012345")
    #expect(PhoneNumber(e164: "1234567890123456") == nil)
  }

  @Test(arguments: [
    "", "+", "+1234567", "1+234567", "12345x7", "1234567\0", "12345\n67", "1234567;ext=1", "１２３４５６７", "٠١٢٣٤٥٦٧",
    "44 7700 900000", "tel:1234567", "1,234,567", "1234567\u{202E}", "01234567",
  ])
  func `anything else in it, or a zero in front, makes it none`(text: String) {
    #expect(PhoneNumber(e164: text) == nil)
  }

  @Test func `all but the last two digits are masked`() throws {
    #expect("\(try #require(PhoneNumber(e164: "447700900012")))" == "**********12")
    #expect("\(try #require(PhoneNumber(e164: "1234567")))" == "*****67")
  }
}
