/// An extension as people write it after a number: "x123", "ext. 123", "#123", ",123", ";ext=123".
enum Extension {
  /// Whether `tail` is an extension: a marker for it, a digit, and then only digits, separators and number signs.
  static func matches(_ tail: Substring.UnicodeScalarView) -> Bool {
    guard var rest = afterMark(tail) else { return false }
    rest = rest.drop { TypedNumber.isSeparator($0) || $0 == ":" || $0 == "=" }
    guard let first = rest.first, TypedNumber.digit(first) != nil else { return false }
    return rest.allSatisfy { TypedNumber.digit($0) != nil || TypedNumber.isSeparator($0) || $0 == "#" }
  }

  /// In lower case, longest first. "Int" is short for "interno", "доб" for "добавочный".
  private static let words = ["extension", "extn", "ext", "int", "anexo", "доб"]
  private static let signs: Set<Unicode.Scalar> = [
    "x", "X", "#", "~", "\u{FF58}", "\u{FF38}", "\u{FF03}", "\u{FF5E}", "×",
  ]

  /// What follows a word or sign for an extension, or the pause characters of a dialed number (`,` and `;`); nil
  /// without one.
  private static func afterMark(_ tail: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
    let afterPauses = tail.drop { $0 == ";" || $0 == "," }
    let rest = afterPauses.drop(while: TypedNumber.isSeparator)
    let start = String(rest.prefix(9)).lowercased()
    if let word = words.first(where: { start.hasPrefix($0) }) { return rest.dropFirst(word.unicodeScalars.count) }
    if let sign = rest.first, signs.contains(sign) { return rest.dropFirst() }
    return afterPauses.startIndex > tail.startIndex ? rest : nil
  }
}
