/// Finds the tags of a template, one after the other: the one reading of Mustache's marks, for what checks templates and for
/// what renders them.
struct TemplateScanner {
  struct Tag {
    enum Kind: UInt8 {
      case variable = 0x00
      case comment = 0x21  // !
      case section = 0x23  // #
      case block = 0x24  // $
      case setting = 0x25  // %
      case unescaped = 0x26  // &
      case close = 0x2F  // /
      case parent = 0x3C  // <
      case delimiters = 0x3D  // =
      case partial = 0x3E  // >
      case inverted = 0x5E  // ^
      case tripleBraces = 0x7B  // {

      /// Whether another tag closes it.
      var isClosed: Bool { [.section, .inverted, .block, .parent].contains(self) }
    }

    let kind: Kind
    /// Without white space.
    let name: String
    /// Where it stands in the text's bytes, its braces included.
    let range: Range<Int>
  }

  let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// - Throws: where a tag is not closed.
  mutating func next() throws(Template.Failure) -> Tag? {
    guard let start = index(of: "{{", from: position) else { return nil }
    let first = start + 2
    let kind = first < bytes.count ? Tag.Kind(rawValue: bytes[first]) ?? .variable : .variable
    let ending: StaticString = kind == .tripleBraces ? "}}}" : "}}"
    guard let end = index(of: ending, from: first) else {
      throw Template.Failure(reason: "this tag is not closed with “\(ending)”", line: line(of: start))
    }
    let content = bytes[(kind == .variable ? first : first + 1)..<end]
    position = end + ending.utf8CodeUnitCount
    return Tag(kind: kind, name: Self.name(content), range: start..<position)
  }

  private static func name(_ content: ArraySlice<UInt8>) -> String {
    let name = String(decoding: content, as: UTF8.self)
    // Asking each character would take longer than all the rest of a page.
    let mayHaveSpace = content.contains { $0 <= 0x20 || $0 >= 0x80 }
    return mayHaveSpace ? name.filter { !$0.isWhitespace } : name
  }

  /// The line of a byte, the first being 1.
  func line(of index: Int) -> Int { 1 + lineEnds(in: 0..<index) }

  func lineEnds(in range: Range<Int>) -> Int {
    String(decoding: bytes[range], as: UTF8.self).count { $0.isNewline }
  }

  private func index(of word: StaticString, from start: Int) -> Int? {
    word.withUTF8Buffer { word in
      var index = start
      while index + word.count <= bytes.count {
        if unsafe bytes[index] == word[0], unsafe bytes[index..<(index + word.count)].elementsEqual(word) {
          return index
        }
        index += 1
      }
      return nil
    }
  }
}
