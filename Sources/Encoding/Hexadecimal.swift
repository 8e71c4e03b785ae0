/// Bytes as hexadecimal text, two lower-case digits each.
public enum Hexadecimal {
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: ascii(Array(bytes)), as: UTF8.self)
  }

  /// The same text as bytes. It takes only an array: a generic function is not specialized across modules, and a store
  /// names a dozen records for each message.
  ///
  /// - Parameter start: bytes to put before the digits.
  public static func ascii(_ bytes: [UInt8], after start: [UInt8] = []) -> [UInt8] {
    var text = start
    text.reserveCapacity(start.count + 2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return text
  }

  /// Decodes hexadecimal text; nil if it contains anything else, or an odd number of digits.
  public static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.makeIterator()
    while let first = rest.next() {
      guard let high = first.hexadecimalValue, let low = rest.next()?.hexadecimalValue else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
