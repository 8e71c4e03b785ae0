import Testing
import Verification

extension Code {
  /// The only code of 4 to 10 digits in a text.
  static func typed(_ text: String) -> Code? {
    guard case .code(let code) = CodeReading(text, length: 4...10) else { return nil }
    return code
  }
}

struct CodeTests {
  @Test(arguments: [
    ("123456", "123456"), ("123 456", "123456"), (" 12-34-56\t", "123456"), ("12\u{00A0}34", "1234"),
    ("12\u{2010}34\u{2011}56", "123456"), ("000000", "000000"), ("12.34", "1234"), ("1234\n", "1234"),
    ("１２３４", "1234"), ("٠١٢٣", "0123"), ("AKFG-3424", "3424"),
  ])
  func `what stands between the digits is dropped`(typed: String, digits: String) {
    #expect(Code.typed(typed)?.digits == digits)
  }

  @Test func `a code has 4 to 10 digits`() {
    #expect(Code.typed("123") == nil)
    #expect(Code.typed("1234") != nil)
    #expect(Code.typed("1234567890") != nil)
    #expect(Code.typed("12345678901") == nil)
  }

  @Test(arguments: ["", "    ", "12a456", "123x", "code", "1²34", "1\u{301}2\u{301}3\u{301}4", "½¼"])
  func `where there is none, there is none`(typed: String) {
    #expect(Code.typed(typed) == nil)
  }
}
