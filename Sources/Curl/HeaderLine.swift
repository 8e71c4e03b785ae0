/// One field line of an HTTP head (RFC 9112, section 5).
enum HeaderLine {
  /// The value of the field, if the line is one of this name and its value is ASCII without control characters.
  ///
  /// - Parameter name: in lower case.
  static func value(of name: String, in line: some Collection<UInt8>) -> String? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
      line[..<colon].elementsEqual(name.utf8, by: { $0 == $1 || $0 | 0x20 == $1 })
    else { return nil }
    var value = line[line.index(after: colon)...]
    while let first = value.first, isBlank(first) { value = value.dropFirst() }
    var bytes = Array(value)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }
}
