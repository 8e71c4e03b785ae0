import Crypto
import Testing

@testable import Program

@Suite struct `The text of secret keys` {
  /// 32 bytes, of which the first is 0.
  private let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  @Test func `a new key can be read, and no two are the same`() {
    let first = KeyText.random()
    #expect(KeyText.keys(in: first)?.count == 1)
    #expect(first != KeyText.random())
  }

  @Test(arguments: [" ", ",", ", ", "\n"])
  func `holds several keys in order`(separator: String) throws {
    let other = KeyText.random()
    let keys = try #require(KeyText.keys(in: other + separator + key))
    let firstBytes = keys.map { unsafe $0.withUnsafeBytes { unsafe $0[0] } }
    #expect(firstBytes.last == 0)
    #expect(keys.count == 2)
  }

  @Test(arguments: [
    "", " ", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
    "not base64 at all", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  ])
  func `is refused when a key is anything but 32 bytes`(text: String) {
    #expect(KeyText.keys(in: text) == nil)
    #expect(text.isEmpty || KeyText.keys(in: "\(key) \(text)") == nil || text == " ")
  }
}
