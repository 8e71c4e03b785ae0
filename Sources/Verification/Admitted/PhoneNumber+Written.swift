extension PhoneNumber {
  /// The number as an owner writes it in a file: `+`, the country code and the rest, grouped in any way by spaces,
  /// hyphens, dots, slashes or parentheses.
  ///
  /// - Returns: nil for anything else. The numbering plan decides whether there is such a number.
  public init?(written text: some StringProtocol) {
    var rest = text.unicodeScalars[...].drop(while: AdmittedLine.isInvisible)
    guard rest.popFirst() == "+" else { return nil }
    var digits = ""
    for scalar in rest {
      switch scalar {
      case "0"..."9": digits.unicodeScalars.append(scalar)
      case "-", ".", "/", "(", ")", "\u{2010}", "\u{2011}", "\u{2013}": continue
      case _ where AdmittedLine.isInvisible(scalar): continue
      default: return nil
      }
      guard digits.utf8.count <= 15 else { return nil }
    }
    self.init(e164: digits)
  }
}
