/// The name-value pairs of a request as they are on the wire (FastCGI specification 1.0, section 3.4).
enum ParameterBlock {
  /// All values of `CONTENT_LENGTH`, or nil when libfcgi must not see the block: a length does not fit, a NUL would cut
  /// a value short, a "=" would move the border between name and value.
  static func contentLengths(in block: [UInt8]) -> [String]? {
    var lengths: [String] = []
    var rest = block[...]
    while !rest.isEmpty {
      guard let nameLength = takeLength(&rest), let valueLength = takeLength(&rest),
        nameLength + valueLength <= rest.count, nameLength > 0
      else { return nil }
      let name = rest.prefix(nameLength)
      let value = rest.dropFirst(nameLength).prefix(valueLength)
      guard !name.contains(UInt8(ascii: "=")), !name.contains(0), !value.contains(0) else { return nil }
      if name.elementsEqual(contentLength) {
        lengths.append(String(decoding: value, as: UTF8.self))
      }
      rest = rest.dropFirst(nameLength + valueLength)
    }
    return lengths
  }

  private static let contentLength = Array("CONTENT_LENGTH".utf8)

  /// A length is one byte, or four of which the first has its highest bit set.
  private static func takeLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard let first = rest.popFirst() else { return nil }
    guard first & 0x80 != 0 else { return Int(first) }
    guard rest.count >= 3 else { return nil }
    return rest.prefix(3).reduce(Int(first & 0x7F)) {
      rest.removeFirst()
      return $0 << 8 | Int($1)
    }
  }
}
