/// The percent-encoding of one byte (RFC 3986, section 2.1).
enum PercentEncoding {
  static func encode(_ byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
