import Gateway
import Testing

@Suite struct ContentLengthTests {
  @Test(
    arguments: [
      ([], ContentLength.absent), ([""], .absent), (["", ""], .absent), (["0"], .bytes(0)), (["100"], .bytes(100)),
      (["101"], .tooLarge), (["0100"], .bytes(100)), (["9223372036854775808"], .tooLarge),
      (["99999999999999999999999"], .tooLarge), (["5", "5"], .bytes(5)), (["5", ""], .bytes(5)), (["5", "6"], .wrong),
      (["5", "05"], .wrong), (["-1"], .wrong), (["+1"], .wrong), ([" 1"], .wrong), (["1 "], .wrong), (["1,1"], .wrong),
      (["٣"], .wrong), (["0x10"], .wrong),
    ] as [([String], ContentLength)]) func `only digits are a length`(_ values: [String], _ length: ContentLength)
  {
    #expect(ContentLength(values, longest: 100) == length)
  }

  @Test(arguments: [
    (ContentLength.absent, 0, Body.bytes([])), (.absent, 1, .lengthMissing), (.unknown, 0, .lengthMissing),
    (.bytes(0), 0, .bytes([])), (.bytes(2), 2, .bytes([7, 7])), (.bytes(2), 1, .lengthWrong),
    (.bytes(2), 3, .lengthWrong), (.tooLarge, 0, .tooLarge), (.tooLarge, 2, .tooLarge), (.wrong, 0, .lengthWrong),
  ]) func `length and bytes make the body`(_ length: ContentLength, _ count: Int, _ body: Body) {
    #expect(length.body(of: [UInt8](repeating: 7, count: count)) == body)
  }

  @Test func `a body that was not read to its end is none`() {
    #expect(ContentLength.bytes(0).body(of: [], isWhole: false) == .lengthWrong)
    #expect(ContentLength.absent.body(of: [], isWhole: false) == .lengthMissing)
    #expect(ContentLength.tooLarge.body(of: [], isWhole: false) == .tooLarge)
  }
}
