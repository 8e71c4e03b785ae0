internal import Verification

/// The digits of a number as a person typed it, whatever the script and the separators.
///
/// It accepts, before and between the digits: blanks of all widths, hyphens and dashes, dots, slashes, round and square
/// brackets, and the invisible marks that address books copy along. One `+` may stand before the first digit.
/// Letters are refused, those of "1-800-FLOWERS" too: whether a word was meant as a number is not for us to guess.
struct TypedNumber: Equatable {
  /// ASCII digits, at least one.
  let digits: String
  let hasPlus: Bool

  /// 128 bytes of UTF-8: the longest dialling there is (international prefix, 15 digits, trunk zero, a separator
  /// behind each) written full-width has 40 characters of 3 bytes.
  static let longestTyped = 128

  init(_ text: String) throws(NumberRefusal) {
    guard text.utf8.count <= Self.longestTyped else { throw .unreadable }
    let scalars = text.unicodeScalars
    var digits = ""
    var hasPlus = false
    for index in scalars.indices {
      let scalar = scalars[index]
      if let digit = Self.digit(scalar) {
        digits.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + digit))
      } else if Self.isPlus(scalar), digits.isEmpty, !hasPlus {
        hasPlus = true
      } else if !Self.isSeparator(scalar) {
        throw digits.utf8.count >= Self.fewestBeforeExtension && Extension.matches(scalars[index...])
          ? .hasExtension : .unreadable
      }
    }
    guard !digits.isEmpty else { throw .unreadable }
    self.digits = digits
    self.hasPlus = hasPlus
  }

  /// With fewer digits in front it is not a number with an extension but something else.
  private static let fewestBeforeExtension = 4

  /// The value of a decimal digit of any script: ASCII, full-width, Arabic-Indic, Devanagari and so on.
  static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    // Nearly every character; the general way looks each one up.
    if let ascii = UInt8(exactly: scalar.value), ascii < 0x80 {
      return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(ascii) ? ascii - UInt8(ascii: "0") : nil
    }
    let properties = scalar.properties
    guard properties.numericType == .decimal, let value = properties.numericValue else { return nil }
    return UInt8(value)
  }

  private static func isPlus(_ scalar: Unicode.Scalar) -> Bool { scalar == "+" || scalar == "\u{FF0B}" }

  static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\u{00A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": true  // blanks
    case "-", "\u{2010}"..."\u{2015}", "\u{2212}", "\u{30FC}", "\u{FF0D}": true  // hyphens, dashes, minus signs
    case ".", "/", "(", ")", "[", "]": true
    case "\u{FF0E}", "\u{FF0F}", "\u{FF08}", "\u{FF09}", "\u{FF3B}", "\u{FF3D}": true  // the same, full-width
    // Soft hyphen, zero-width blanks and joiners, byte order mark; marks, embeddings and isolates of direction.
    case "\u{00AD}", "\u{200B}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}", "\u{2066}"..."\u{2069}", "\u{FEFF}":
      true
    default: false
    }
  }
}
