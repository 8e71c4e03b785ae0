/// Percent-encoding: "%" and two hexadecimal digits for a byte that would otherwise mean something (RFC 3986, section
/// 2.1).
public enum PercentEncoding {
  public static func encode(_ byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// The decoded bytes; nil if a "%" is not followed by two hexadecimal digits.
  ///
  /// - Parameter plusIsSpace: whether "+" is a space, as in forms (WHATWG URL Standard, section 5.1).
  public static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.underestimatedCount)
    var rest = text.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.next()?.hexadecimalValue, let low = rest.next()?.hexadecimalValue else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
