internal import Gateway

/// The name-value pairs of a request as encoded on the wire (FastCGI specification 1.0, section 3.4).
enum ParameterBlock {
  /// All values of `CONTENT_LENGTH`; nil if libfcgi must not see the block because a length does not fit, a NUL would
  /// cut a value short, or a "=" would move the boundary between name and value.
  static func contentLengths(in block: [UInt8]) -> [String]? {
    let bytes = block.span
    var lengths: [String] = []
    var next = 0
    while next < bytes.count {
      guard let nameLength = takeLength(bytes, &next), let valueLength = takeLength(bytes, &next),
        nameLength + valueLength <= bytes.count - next, nameLength > 0
      else { return nil }
      let border = next + nameLength
      let end = border + valueLength
      for index in next..<border where bytes[index] == 0 || bytes[index] == UInt8(ascii: "=") { return nil }
      for index in border..<end where bytes[index] == 0 { return nil }
      if nameLength == contentLength.count, block[next..<border].elementsEqual(contentLength) {
        lengths.append(String(decoding: block[border..<end], as: UTF8.self))
      }
      next = end
    }
    return lengths
  }

  /// The parameters of a block that `contentLengths` has validated, in order, exactly as libfcgi would decode them.
  static func parameters(in block: [UInt8]) -> Parameters {
    let bytes = block.span
    var all: [(name: String, value: String)] = []
    all.reserveCapacity(16)
    var next = 0
    while let nameLength = takeLength(bytes, &next), let valueLength = takeLength(bytes, &next),
      nameLength + valueLength <= bytes.count - next
    {
      let border = next + nameLength
      let end = border + valueLength
      all.append(
        (String(decoding: block[next..<border], as: UTF8.self), String(decoding: block[border..<end], as: UTF8.self)))
      next = end
    }
    return Parameters(all)
  }

  private static let contentLength = Array("CONTENT_LENGTH".utf8)

  /// A length is one byte, or four bytes of which the first has its high bit set.
  private static func takeLength(_ bytes: Span<UInt8>, _ next: inout Int) -> Int? {
    guard next < bytes.count else { return nil }
    let first = Int(bytes[next])
    next += 1
    guard first & 0x80 != 0 else { return first }
    guard bytes.count - next >= 3 else { return nil }
    defer { next += 3 }
    return (first & 0x7F) << 24 | Int(bytes[next]) << 16 | Int(bytes[next + 1]) << 8 | Int(bytes[next + 2])
  }
}
