internal import Encoding
internal import Gateway

/// The visitor's languages from an `Accept-Language` header (RFC 9110, section 12.5.4).
enum Languages {
  /// The tags, best first, in lowercase. Malformed ranges are skipped, and so are `*` and refused ones.
  static func ranked(_ header: String) -> [String] {
    guard header.utf8.count <= longestHeader else { return [] }
    var ranked: [(tag: String, weight: Int)] = []
    // Bytes, because every browser sends this header with every form, and processing characters takes ten times as
    // long.
    for range in Array(header.utf8).split(separator: UInt8(ascii: ",")).prefix(mostRanges) {
      let parts = range.split(separator: UInt8(ascii: ";"), maxSplits: 1).map { $0.trimming(\.isBlank) }
      guard let tag = parts.first?.map(\.lowercased), isTag(tag) else { continue }
      guard let weight = parts.count == 1 ? 1000 : QualityValue.thousandths(parts[1]), weight > 0 else { continue }
      ranked.append((String(decoding: tag, as: UTF8.self), weight))
    }
    // `sort` is stable, so equal weights keep the order in which the browser sent them.
    ranked.sort { $0.weight > $1.weight }
    return ranked.map(\.tag)
  }

  static let longestHeader = 1_000
  static let mostRanges = 20

  /// One to eight letters and digits, optionally followed by more such groups after hyphens.
  private static func isTag(_ tag: [UInt8]) -> Bool {
    var length = 0
    for byte in tag {
      switch byte {
      case UInt8(ascii: "-"):
        guard length > 0 else { return false }
        length = 0
      case _ where byte.isLetterOrDigit:
        length += 1
        guard length <= 8 else { return false }
      default: return false
      }
    }
    return length > 0
  }
}
