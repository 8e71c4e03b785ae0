import Gateway
import Testing

@Suite struct FormTests {
  private func form(_ text: String) throws(Form.Malformation) -> Form {
    try Form(urlencoded: Array(text.utf8))
  }

  @Test func `fields are decoded as browsers encode them`() throws {
    let form = try form("number=%2B1+800%C2%A0555&pin=&requestId=a%3Db%26c=d&%6eame=x")
    #expect(form["number"] == "+1 800\u{A0}555")
    #expect(form["pin"] == "")
    #expect(form["requestId"] == "a=b&c=d")
    #expect(form["name"] == "x")
    #expect(form["other"] == nil)
  }

  @Test func `an empty body has no fields, and empty pairs are none`() throws {
    #expect(try form("")["a"] == nil)
    #expect(try form("&&a=1&&")["a"] == "1")
    #expect(try form("a")["a"] == "")
  }

  @Test(arguments: ["a=%", "a=%4", "a=%4g", "a=%g4", "%=1", "a=1%2", "a=%%41", "a=% 41", "a=%+1", "a=%-1"])
  func `a broken escape is an error`(_ body: String) {
    #expect(throws: Form.Malformation.brokenEscape) { try form(body) }
  }

  @Test(arguments: ["a=%FF", "a=%C3", "a=%C0%80", "a=%ED%A0%80", "a=%F4%90%80%80", "%80=1"])
  func `bytes that are not UTF-8 are an error`(_ body: String) {
    #expect(throws: Form.Malformation.notUTF8) { try form(body) }
  }

  @Test func `raw bytes that are not UTF-8 are an error`() {
    #expect(throws: Form.Malformation.notUTF8) { try Form(urlencoded: [0x61, 0x3D, 0xFF]) }
  }

  @Test(arguments: ["a=%00", "%00=1", "a=1%7F", "a=%1F", "a=%08", "a=\u{0}"])
  func `a control character is an error`(_ body: String) {
    #expect(throws: Form.Malformation.controlCharacter) { try form(body) }
  }

  @Test func `tabs and line ends are text`() throws {
    #expect(try form("a=%09%0D%0A")["a"] == "\t\r\n")
  }

  @Test(arguments: ["a=1&a=2", "a=1&a=1", "a&a", "a=1&%61=2", "=1&=2"]) func `a field may come once`(_ body: String) {
    #expect(throws: Form.Malformation.duplicateField) { try form(body) }
  }

  @Test func `names that look the same count as one, names in other case do not`() throws {
    // "é" as one character and as two: equal as strings of Swift, and different on the wire.
    #expect(throws: Form.Malformation.duplicateField) { try form("%C3%A9=1&e%CC%81=2") }
    #expect(try form("a=1&A=2")["A"] == "2")
  }

  @Test func `there may be 32 fields and no more`() throws {
    let fields = (1...32).map { "f\($0)=\($0)" }.joined(separator: "&")
    #expect(try form(fields)["f32"] == "32")
    #expect(throws: Form.Malformation.tooManyFields) { try form(fields + "&f33=33") }
  }
}
