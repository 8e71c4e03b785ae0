import Testing
import Verification

/// PINs of six digits as people type and paste them.
struct CodeReadingTests {
  private func read(_ text: String) -> String {
    switch CodeReading(text, length: 6...6) {
    case .code(let code): code.digits
    case .several: "several"
    case .unreadable: "unreadable"
    }
  }

  @Test(arguments: [
    "123456", "123 456", "123\u{A0}456", "12 34 56", "1 2 3 4 5 6", "123-456", "123–456", "123—456", "123\u{2011}456",
    "123\u{2212}456", "123.456", "123,456", "1, 2, 3, 4, 5, 6", "1,2,3,4,5,6", "1\n2\n3\n4\n5\n6", "123·456", "123•456",
    "123_456", "123/456", "(123) 456", "#123456", "123456#", "*123456*", "\"123456\"", "'123456'", "“123456”",
    "«123 456»", "「123456」", "123456.", "123456,", "123456\r\n", "\r\n123456", "\u{B}123456\u{C}", ": 123456",
    "[123456]", "{123456}", "١٢٣٤٥٦", "۱۲۳۴۵۶", "१२३४५६", "１２３４５６", "𝟏𝟐𝟑𝟒𝟓𝟔", "١٢٣ ٤٥٦", "1２٣४5６",
    "\u{2068}123456\u{2069}", "\u{202D}123456\u{202C}", "\u{FEFF}123456", "1\u{200B}23\u{AD}45\u{FE0F}6",
    "123456 123456", "123456\n123456", "123456 (12.05.26)", "123456 (5)", "(12:05) 123456", "123456\n5 min",
    "7\n123456", "123456\r\n[1] [2]",
  ])
  func `a PIN alone, whatever stands between its digits`(text: String) {
    #expect(read(text) == "123456")
  }

  @Test(arguments: [
    "123456 is your code", "Your code is 123456", "Your code is: 123456.", "G-123456",
    "G-123456 is your verification code",
    "code: 123456", "Code:123456", "PIN123456", "Your Acme code: 123 456", "Your Acme code: 123-456. Never share it!",
    "Ваш код: 123456", "رمزك هو ١٢٣٤٥٦", "验证码：123456，5分钟内有效。", "あなたのコードは 123456 です",
    "123456 is your code. It is good for 5 minutes.", "Your code: 123 456. Good for 10 minutes",
    "Use 123 456, it expires in 5 min", "<#> Your code is 123456\nFA+9qCX9VSu", "@example.com #123456",
    "Code 123456 (sent 12:34). If it was not you, call 555 0143.", "123456 123456 is your code",
    "From +1 202 555 0143: 123456 is your code", "code 1, 2, 3, 4, 5, 6", "Dein Code lautet 123\u{2009}456", "=123456",
    "“123456”, she said", "123456a",
  ])
  func `the only one among words`(text: String) {
    #expect(read(text) == "123456")
  }

  @Test(arguments: [
    "123456 654321", "123456\n654321", "123456 or 654321", "Your code is 123456, not 654321", "codes: 12 34 56 78",
    "code 123-456 or 654-321",
  ])
  func `two are too many`(text: String) {
    #expect(read(text) == "several")
  }

  @Test(arguments: [
    "", " ", "abc", "12345", "1234567", "12345 67", "12345a", "a12345", "123456 7", "1 123456", "12 34 5", "123+456",
    "123=456", "123a456", "½23456", "¹²³⁴⁵⁶", "一二三四五六", "ⅠⅡⅢⅣⅤⅥ", "1\u{301}23456", "your code", "20 Nov 2026",
    "12345\u{0}6", "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣",
  ])
  func `no PIN is made out of something else`(text: String) {
    #expect(read(text) == "unreadable")
  }

  @Test func `a text message is read, and nothing that is longer than one`() {
    let message = "Your code is 123456."
    #expect(read(message + String(repeating: "ы", count: 1_014)) == "123456")
    #expect(read(message + String(repeating: "ы", count: 1_015)) == "unreadable")
    #expect(read(String(repeating: "1 ", count: 1_024)) == "unreadable")
  }

  @Test func `whatever is pasted, a PIN is six digits that stand there in this order`() {
    let alphabet = Array("001234567899  -–.,#:\n\u{A0}\u{200B}٤９abжG'“(½²\u{301}🙂\0".unicodeScalars)
    for _ in 0..<10_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...30) { text.append(alphabet.randomElement()!) }
      guard case .code(let code) = CodeReading(String(text), length: 6...6) else { continue }
      var rest = code.digits.unicodeScalars[...]
      for scalar in text {
        if case .digit(let value) = TypedCharacter(scalar), rest.first?.value == 0x30 + UInt32(value) {
          rest.removeFirst()
        }
      }
      #expect(code.digits.utf8.count == 6 && rest.isEmpty, "\(String(text).debugDescription)")
    }
  }
}
