/// A file as an editor may have saved it, on whatever system.
extension SmallFile {
  /// The bytes of a UTF-8 text without the byte order mark that editors of Windows put before it.
  ///
  /// - Throws: when it is another encoding, which is named where it can be told, or has a zero byte.
  public func utf8() throws(Failure) -> ArraySlice<UInt8> {
    let text = try unmarked()
    guard !text.contains(0) else { throw Failure("has a zero byte, and is no text", line: Self.line(of: 0, in: text)) }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw Failure("is not UTF-8; save it as UTF-8", line: Self.lineOfFirstError(text))
    }
    return text
  }

  /// The text with its line ends as they stand.
  public func text() throws(Failure) -> String {
    String(decoding: try utf8(), as: UTF8.self)
  }

  /// The lines of the text without their ends, which are LF, CR LF or CR. The last one is empty where the text ends with
  /// an end of line.
  public func lines() throws(Failure) -> [String] {
    Self.lines(of: try utf8())
  }

  /// Split by bytes: to Swift, CR LF is one character, and another one than LF.
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

  /// The bytes without a byte order mark, whatever they are apart from UTF-16.
  func unmarked() throws(Failure) -> ArraySlice<UInt8> {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || Self.looksLikeUTF16(bytes) {
      throw Failure("is UTF-16 (\"Unicode\" in some editors); save it as UTF-8")
    }
    return bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes[...]
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// Without a mark: every other byte of the first ones is zero, as in all that is written in Latin letters.
  private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
    let first = bytes.prefix(4)
    guard first.count == 4 else { return false }
    return (first[0] == 0) != (first[1] == 0) && (first[0] == 0) == (first[2] == 0)
      && (first[1] == 0) == (first[3] == 0)
  }

  private static func lineOfFirstError(_ text: ArraySlice<UInt8>) -> Int {
    // What cannot be read becomes U+FFFD, and that may also stand there: then an earlier line is named.
    let good = String(decoding: text, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
    return good.count { $0 == "\n" } + 1
  }

  private static func line(of byte: UInt8, in text: ArraySlice<UInt8>) -> Int {
    text.prefix { $0 != byte }.count { $0 == newline } + 1
  }
}
