import Testing
import Verification

struct CodeTests {
  @Test(arguments: [
    ("123456", "123456"), ("123 456", "123456"), (" 12-34-56\t", "123456"), ("12\u{00A0}34", "1234"),
    ("12\u{2010}34\u{2011}56", "123456"), ("000000", "000000"),
  ])
  func `blanks and hyphens are dropped`(typed: String, digits: String) {
    #expect(Code(typed: typed)?.digits == digits)
  }

  @Test func `a code has 4 to 10 digits`() {
    #expect(Code(typed: "123") == nil)
    #expect(Code(typed: "1234") != nil)
    #expect(Code(typed: "1234567890") != nil)
    #expect(Code(typed: "12345678901") == nil)
  }

  @Test(arguments: ["", "    ", "12a456", "+1234", "12.34", "1234\0", "1234\n", "１２３４", "٠١٢٣", "AKFG-3424"])
  func `anything else in it makes it none`(typed: String) {
    #expect(Code(typed: typed) == nil)
  }

  @Test func `what is typed has at most 40 bytes`() {
    #expect(Code(typed: "1234" + String(repeating: " ", count: 36)) != nil)
    #expect(Code(typed: "1234" + String(repeating: " ", count: 37)) == nil)
  }
}
