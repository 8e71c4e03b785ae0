/// The visitor's languages from an `Accept-Language` header (RFC 9110, section 12.5.4).
enum Languages {
  /// The tags, best first, in lower case; what is not a well-formed range is skipped, and so are `*` and refused ones.
  static func ranked(_ header: String) -> [String] {
    guard header.utf8.count <= longestHeader else { return [] }
    var ranked: [(tag: String, weight: Int)] = []
    for range in header.split(separator: ",").prefix(mostRanges) {
      let parts = range.split(separator: ";", maxSplits: 1).map { trimmed($0) }
      guard let tag = parts.first?.lowercased(), isTag(tag) else { continue }
      guard let weight = parts.count == 1 ? 1000 : weight(parts[1]), weight > 0 else { continue }
      ranked.append((tag, weight))
    }
    // `sort` is stable, so equal weights keep the order in which the browser sent them.
    ranked.sort { $0.weight > $1.weight }
    return ranked.map(\.tag)
  }

  static let longestHeader = 1_000
  static let mostRanges = 20

  private static func trimmed(_ text: Substring) -> Substring {
    let blanks: Set<Character> = [" ", "\t"]
    let start = text.firstIndex { !blanks.contains($0) } ?? text.endIndex
    let end = text.lastIndex { !blanks.contains($0) }.map { text.index(after: $0) } ?? start
    return text[start..<end]
  }

  private static func isTag(_ tag: String) -> Bool {
    let subtags = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return subtags.allSatisfy { subtag in
      (1...8).contains(subtag.count)
        && subtag.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
  }

  /// "q=0.8" as thousandths.
  private static func weight(_ text: Substring) -> Int? {
    let bytes = Array(text.lowercased().utf8)
    guard bytes.starts(with: Array("q=".utf8)), (3...7).contains(bytes.count) else { return nil }
    let digits = bytes.dropFirst(2)
    guard let whole = digits.first, whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1") else { return nil }
    var thousandths = Int(whole - UInt8(ascii: "0")) * 1000
    let fraction = digits.dropFirst()
    guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") else { return nil }
    var unit = 100
    for digit in fraction.dropFirst() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      thousandths += Int(digit - UInt8(ascii: "0")) * unit
      unit /= 10
    }
    return thousandths <= 1000 ? thousandths : nil
  }
}
