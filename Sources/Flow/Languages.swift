internal import Gateway

/// The visitor's languages from an `Accept-Language` header (RFC 9110, section 12.5.4).
enum Languages {
  /// The tags, best first, in lowercase. Ranges that are not well-formed are skipped, and so are `*` and refused ones.
  static func ranked(_ header: String) -> [String] {
    guard header.utf8.count <= longestHeader else { return [] }
    var ranked: [(tag: String, weight: Int)] = []
    // Bytes, because every browser sends such a header with every form, and characters take ten times as long.
    for range in Array(header.utf8).split(separator: UInt8(ascii: ",")).prefix(mostRanges) {
      let parts = range.split(separator: UInt8(ascii: ";"), maxSplits: 1).map(trimmed)
      guard let tag = parts.first?.map(lowercased), isTag(tag) else { continue }
      guard let weight = parts.count == 1 ? 1000 : QualityValue.thousandths(parts[1]), weight > 0 else { continue }
      ranked.append((String(decoding: tag, as: UTF8.self), weight))
    }
    // `sort` is stable, so equal weights keep the order in which the browser sent them.
    ranked.sort { $0.weight > $1.weight }
    return ranked.map(\.tag)
  }

  static let longestHeader = 1_000
  static let mostRanges = 20

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
  }

  /// One to eight letters and digits, and more of them after hyphens.
  private static func isTag(_ tag: [UInt8]) -> Bool {
    var length = 0
    for byte in tag {
      switch byte {
      case UInt8(ascii: "-"):
        guard length > 0 else { return false }
        length = 0
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        length += 1
        guard length <= 8 else { return false }
      default: return false
      }
    }
    return length > 0
  }
}
