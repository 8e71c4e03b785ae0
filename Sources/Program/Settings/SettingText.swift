/// The value of a setting, out of the text that people, editors and other programs write for it.
///
/// Spaces, line ends and invisible characters at its ends are not part of it. It may stand in single quotes, or in double
/// ones, in which a backslash takes the meaning from `"`, `\`, `$` and `` ` `` (as in systemd's `EnvironmentFile=`). What
/// stands behind quotes and begins with `#` is a comment. Behind a value without quotes it is one where there may be some, and
/// a mistake elsewhere: a value is never silently longer or shorter than its owner believes.
enum SettingText {
  struct Mistake: Error, Sendable, Hashable {
    /// To be put after the setting's name. It never repeats the value.
    let advice: String
  }

  enum Comments {
    case areSkipped
    /// In the environment and in the files of secrets nobody else knows of comments; and a secret is not guessed at.
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

  /// Whether there is nothing in it to be read in another way, as in most values.
  private static func isPlain(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { ("!"..."~").contains(Unicode.Scalar($0)) && !"#\"'".utf8.contains($0) }
  }

  /// Characters without a picture of their own, which editors and copying leave at a text's ends.
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
      // "#0057b8" is a color, with a space before it too; "# blue" and " #TODO" are not.
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
