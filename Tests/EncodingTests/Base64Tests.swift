import Encoding
import Foundation
import Testing

@Test func `bytes of each length come out again, in the alphabet for URLs`() throws {
  for length in 0..<70 {
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 251) }
    let text = Base64URL.encode(bytes)
    let standard = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    #expect(text == standard.replacing("=", with: ""))
    #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
    #expect(Base64URL.decode(text) == bytes)
  }
}

@Test(arguments: ["A", "AAAAA", "AB", "AAB", "AA==", "A+AA", "A/AA", "A AA", "AAA\n", "AAÄA"])
func `a text that no bytes have is refused`(text: String) {
  #expect(Base64URL.decode(text) == nil)
}
