/// A line of a file of numbers: what is left of it without a comment, and without what editors leave at its ends.
struct AdmittedLine {
  /// Nil where there is nothing to read.
  let text: String?

  /// - Parameter line: without its end. From `#` on it is a comment, or the whole of it where it begins with `;`: neither a
  ///   number nor the most names have them.
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

  /// Without a picture of their own: also what copying out of a phone book leaves beside a number.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
  }

  /// In bytes.
  static let longest = 512
  static let lengthAdvice = "is longer than \(longest) bytes"
  static let numberAdvice = "has no number that begins with + and its country code"
}
