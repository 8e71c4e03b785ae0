import Encoding
import Testing

@Suite struct ByteClassTests {
  private static let all: [UInt8] = Array(0...255)

  private func text(of isOfClass: (UInt8) -> Bool) -> String {
    String(decoding: Self.all.filter(isOfClass), as: UTF8.self)
  }

  @Test func `each class has these bytes and no other`() {
    let digits = "0123456789"
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    let lower = "abcdefghijklmnopqrstuvwxyz"
    #expect(text(of: \.isDigit) == digits)
    #expect(text(of: \.isUpperCaseLetter) == upper)
    #expect(text(of: \.isLetter) == upper + lower)
    #expect(text(of: \.isLetterOrDigit) == digits + upper + lower)
    #expect(text(of: \.isUnreserved) == "-." + digits + upper + "_" + lower + "~")
    #expect(text(of: \.isBlank) == "\t ")
    #expect(Self.all.filter(\.isLineEnd) == [0x0A, 0x0D])
    #expect(Self.all.filter(\.isPrintable) == Array(0x20...0x7E))
  }

  @Test func `a hexadecimal digit has its value in either case, and nothing else has one`() {
    for byte in Self.all {
      let character = Character(Unicode.Scalar(byte))
      #expect(byte.hexadecimalValue.map(Int.init) == (character.isASCII ? character.hexDigitValue : nil))
    }
  }

  @Test func `what is trimmed goes at both ends and not between`() {
    #expect(Array(" \t a b\t ".utf8.trimming(\.isBlank)) == Array("a b".utf8))
    #expect(Array(" \t".utf8.trimming(\.isBlank)).isEmpty)
  }
}

@Test(arguments: ["", "0", "0g", "g0", "000", "0x00", " 00", "00 "])
func `hexadecimal text that no bytes have is refused`(_ text: String) {
  #expect(Hexadecimal.bytes(text.utf8) == (text.isEmpty ? [] : nil))
}

@Test func `all bytes come out of hexadecimal text again`() {
  let bytes: [UInt8] = Array(0...255)
  let text = Hexadecimal.text(bytes)
  #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
  #expect(Hexadecimal.bytes(text.utf8) == bytes)
  #expect(Hexadecimal.bytes(text.uppercased().utf8) == bytes)
}

@Test func `all bytes come out of percent-encoding again`() {
  let bytes: [UInt8] = Array(0...255)
  let text = bytes.flatMap(PercentEncoding.encode)
  #expect(text.starts(with: "%00%01".utf8))
  #expect(PercentEncoding.decode(text) == bytes)
  #expect(PercentEncoding.decode("a+b".utf8) == Array("a+b".utf8))
  #expect(PercentEncoding.decode("a+b".utf8, plusIsSpace: true) == Array("a b".utf8))
}

@Test(arguments: ["%", "%1", "%g0", "%0g", "a%", "%%41"]) func `a broken escape is refused`(_ text: String) {
  #expect(PercentEncoding.decode(text.utf8) == nil)
}

@Test func `numbers are big-endian`() {
  #expect(UInt64(0x0102_0304_0506_0708).bigEndianBytes == [1, 2, 3, 4, 5, 6, 7, 8])
  #expect(UInt16(0xFF00).bigEndianBytes == [0xFF, 0])
  #expect(Int32(-2).bigEndianBytes == [0xFF, 0xFF, 0xFF, 0xFE])
}
