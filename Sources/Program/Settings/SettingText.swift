/// Extracts a setting's value from the text that people, editors, and other programs write for it.
///
/// Spaces, line breaks, and invisible characters at its ends are not part of it. It may be in single quotes, or in double quotes,
/// in which a backslash escapes `"`, `\`, `$`, and `` ` `` (as in systemd's `EnvironmentFile=`). After a quoted value, `#` begins a
/// comment. After an unquoted value it does so where comments are expected, and is a mistake elsewhere: a value is never silently
/// longer or shorter than its owner believes.
enum SettingText {
  struct Mistake: Error, Sendable, Hashable {
    /// Follows the setting's name in a message. It never repeats the value.
    let advice: String
  }

  enum Comments {
    case areSkipped
    /// In the environment and in secrets' files: no other program that reads them has comments, and a secret is not guessed at.
    case areMistakes
  }

  static func value(of text: some StringProtocol, comments: Comments) throws(Mistake) -> String {
    if isPlain(text) { return String(text) }
    let text = Array(text.unicodeScalars)
    let isAfterSpace = text.first.map(isInvisible) ?? false
    let rest = trimmed(text[...])
    guard let first = rest.first else { return "" }
    if first == "\"" || first == "'" { return try quoted(rest) }
    guard let hash = beginOfComment(in: rest, isAfterSpace: isAfterSpace) else { return string(rest) }
    guard comments == .areSkipped else {
      throw Mistake(
        advice: "has a # behind a space: put a comment on a line of its own in the file, or the value in quotes")
    }
    return string(trimmed(rest[..<hash]))
  }

  /// Whether the text means itself, character by character, as most values do.
  private static func isPlain(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { ("!"..."~").contains(Unicode.Scalar($0)) && !"#\"'".utf8.contains($0) }
  }

  /// Invisible characters, which editors and copying leave at the ends of a text.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    // The tables of Unicode are slow to ask, and nearly all of a settings file is ASCII.
    if scalar.isASCII { return scalar == " " || ("\t"..."\r").contains(scalar) }
    return scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
  }

  private static func beginOfComment(in text: ArraySlice<Unicode.Scalar>, isAfterSpace: Bool) -> Int? {
    text.indices.first { index in
      guard text[index] == "#" else { return false }
      guard index == text.startIndex else { return text[index - 1].properties.isWhitespace }
      let word = text[(index + 1)...].prefix { !$0.properties.isWhitespace }
      // "#0057b8" is a color, even after a space; "# blue" and " #TODO" are not.
      return isAfterSpace ? !isColor(word) : word.isEmpty
    }
  }

  private static func isColor(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
    [3, 6].contains(word.count) && word.allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
  }

  private static func quoted(_ text: ArraySlice<Unicode.Scalar>) throws(Mistake) -> String {
    guard let quote = text.first else { return "" }
    var value: [Unicode.Scalar] = []
    var rest = text.dropFirst()
    while let next = rest.popFirst() {
      if next == quote {
        let behind = trimmed(rest)
        guard behind.isEmpty || behind.first == "#" else { break }
        return string(value[...])
      }
      if next == "\\", quote == "\"", let escaped = rest.first, "\"\\$`".unicodeScalars.contains(escaped) {
        value.append(escaped)
        rest.removeFirst()
      } else {
        value.append(next)
      }
    }
    throw Mistake(advice: "begins with a quote that does not end the value")
  }

  private static func trimmed(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    var rest = text.drop(while: isInvisible)
    while let last = rest.last, isInvisible(last) { rest.removeLast() }
    return rest
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
