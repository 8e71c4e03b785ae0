/// A line of a file of numbers, without its comment and without what editors leave at its ends.
struct AdmittedLine {
  /// Nil if the line has no content.
  let text: String?

  /// - Parameter line: the line without its ending. A comment runs from `#` on, or is the whole line if it begins with
  ///   `;`; numbers and most names contain neither.
  init(_ line: String) {
    let comment = line.unicodeScalars.prefix { $0 != "#" }
    let rest = Self.trimmed(comment)
    text = rest.isEmpty || rest.first == ";" ? nil : String(rest)
  }

  static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    var rest = text.drop(while: isInvisible)
    while let last = rest.last, isInvisible(last) { rest.removeLast() }
    return rest
  }

  /// Invisible characters, including those that are copied along with a number from a phone book.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
  }

  /// In bytes.
  static let longest = 512
  static let lengthAdvice = "is longer than \(longest) bytes"
  static let numberAdvice = "has no number that begins with + and its country code"
}
