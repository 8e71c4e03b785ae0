import Testing
import Verification

struct PhoneNumberTests {
  @Test(arguments: [
    ("18005551234", "18005551234"), ("+18005551234", "18005551234"), ("+1 (800) 555-1234", "18005551234"),
    ("+44\u{00A0}20/7946.0000", "442079460000"), ("+49\u{2010}30\u{2011}12345", "493012345"), (" 1234567 ", "1234567"),
    ("\t+1234567", "1234567"), ("(+44) 7700 900000", "447700900000"), ("123456789012345", "123456789012345"),
  ])
  func `separators are dropped`(typed: String, digits: String) {
    #expect(PhoneNumber(typed: typed)?.digits == digits)
  }

  @Test func `a number has 7 to 15 digits`() {
    #expect(PhoneNumber(typed: "123456") == nil)
    #expect(PhoneNumber(typed: "1234567") != nil)
    #expect(PhoneNumber(typed: "123456789012345") != nil)
    #expect(PhoneNumber(typed: "1234567890123456") == nil)
  }

  @Test(arguments: [
    "", "+", "++1234567", "1+234567", "+12345x7", "1234567\0", "12345\n67", "1234567;ext=1", "１２３４５６７", "٠١٢٣٤٥٦٧",
    "+44 7700 900000 ☎", "tel:+1234567", "1,234,567", "-1234567\u{202E}",
  ])
  func `anything else in it makes it none`(typed: String) {
    #expect(PhoneNumber(typed: typed) == nil)
  }

  @Test func `what is typed has at most 64 bytes`() {
    #expect(PhoneNumber(typed: "1234567" + String(repeating: " ", count: 57)) != nil)
    #expect(PhoneNumber(typed: "1234567" + String(repeating: " ", count: 58)) == nil)
  }

  @Test func `two ways to type it are one number`() {
    #expect(PhoneNumber(typed: "+1 800 555 1234") == PhoneNumber(typed: "18005551234"))
  }

  @Test func `all but the last two digits are masked`() throws {
    #expect("\(try #require(PhoneNumber(typed: "447700900012")))" == "**********12")
    #expect("\(try #require(PhoneNumber(typed: "1234567")))" == "*****67")
  }
}
