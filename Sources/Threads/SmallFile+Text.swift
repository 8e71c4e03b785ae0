/// Reads text as any editor on any system may have saved it.
extension SmallFile {
  /// The bytes of a UTF-8 text without the byte order mark that Windows editors put before it.
  ///
  /// - Throws: if it is in another encoding, which is named if it can be recognized, or contains a zero byte.
  public func utf8() throws(Failure) -> ArraySlice<UInt8> {
    let text = try unmarked()
    guard !text.contains(0) else { throw Failure("has a zero byte, and is not text", line: Self.line(of: 0, in: text)) }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw Failure("is not UTF-8; save it as UTF-8", line: Self.lineOfFirstError(text))
    }
    return text
  }

  /// The text with its line endings unchanged.
  public func text() throws(Failure) -> String {
    String(decoding: try utf8(), as: UTF8.self)
  }

  /// The lines of the text without their line endings, which may be LF, CR LF or CR. The last line is empty if the text
  /// ends with a line ending.
  public func lines() throws(Failure) -> [String] {
    Self.lines(of: try utf8())
  }

  /// Splits bytes rather than characters: to Swift, CR LF is a single character that differs from LF.
  public static func lines(of text: some Collection<UInt8>) -> [String] {
    var lines: [[UInt8]] = [[]]
    var follows = false
    for byte in text {
      let isEnd = byte == newline || byte == carriageReturn
      if isEnd {
        if !(follows && byte == newline) { lines.append([]) }
      } else {
        lines[lines.count - 1].append(byte)
      }
      follows = byte == carriageReturn
    }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes without a byte order mark, in any encoding except UTF-16.
  func unmarked() throws(Failure) -> ArraySlice<UInt8> {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || Self.looksLikeUTF16(bytes) {
      throw Failure("is UTF-16 (\"Unicode\" in some editors); save it as UTF-8")
    }
    return bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes[...]
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// UTF-16 without a byte order mark: every other byte at the start is zero, as in any text in Latin letters.
  private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
    let first = bytes.prefix(4)
    guard first.count == 4 else { return false }
    return (first[0] == 0) != (first[1] == 0) && (first[0] == 0) == (first[2] == 0)
      && (first[1] == 0) == (first[3] == 0)
  }

  private static func lineOfFirstError(_ text: ArraySlice<UInt8>) -> Int {
    // Invalid bytes decode to U+FFFD, which may also occur in the text itself: then an earlier line is reported.
    let good = String(decoding: text, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
    return good.count { $0 == "\n" } + 1
  }

  private static func line(of byte: UInt8, in text: ArraySlice<UInt8>) -> Int {
    text.prefix { $0 != byte }.count { $0 == newline } + 1
  }
}
