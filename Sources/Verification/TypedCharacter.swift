/// What a character means where people type or paste digits: the same for numbers and PINs.
///
/// It is defined by Unicode properties rather than lists, so that no script and no editor is left out (Unicode
/// Character Database, which the standard library contains).
public enum TypedCharacter: Sendable, Hashable {
  /// A decimal digit in any script, with its value (general category Nd): ASCII, full-width, Arabic-Indic, Devanagari…
  case digit(UInt8)
  /// Invisible characters: joiners, directional marks and isolates, variation selectors, soft hyphens, byte order marks
  /// (Default_Ignorable_Code_Point). They are copied along from address books, web pages and PDFs.
  case invisible
  /// Blanks and line breaks of all kinds (White_Space).
  case blank
  /// Hyphens, dashes and minus signs (Dash), and the prolonged sound mark that Japanese keyboards have in the same
  /// position.
  case dash
  /// A middle dot, a bullet or an underscore, used between groups of digits.
  case bullet
  /// Quotation marks (Quotation_Mark), and characters typed in their place.
  case quote
  /// Punctuation that ends a sentence or a part of one, in any script (Terminal_Punctuation), and an ellipsis.
  case stop
  /// Anything else.
  case other

  public init(_ scalar: Unicode.Scalar) {
    // A fast path for nearly every character; the general path looks each property up.
    if let ascii = UInt8(exactly: scalar.value), ascii < 0x80 {
      self = Self.ascii(ascii)
      return
    }
    let properties = scalar.properties
    if properties.generalCategory == .decimalNumber, let value = properties.numericValue {
      self = .digit(UInt8(value))
    } else if properties.isDefaultIgnorableCodePoint {
      self = .invisible
    } else if properties.isWhitespace {
      self = .blank
    } else if properties.isDash || scalar == "\u{30FC}" {
      self = .dash
    } else if Self.bullets.contains(scalar) {
      self = .bullet
    } else if properties.isQuotationMark || scalar == "\u{B4}" || scalar == "\u{2032}" || scalar == "\u{2033}" {
      self = .quote
    } else if properties.isTerminalPunctuation || scalar == "\u{2026}" {
      self = .stop
    } else {
      self = .other
    }
  }

  private static func ascii(_ byte: UInt8) -> TypedCharacter {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit(byte - UInt8(ascii: "0"))
    case UInt8(ascii: " "), 0x09...0x0D: .blank
    case UInt8(ascii: "-"): .dash
    case UInt8(ascii: "_"): .bullet
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): .quote
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "!"),
      UInt8(ascii: "?"):
      .stop
    default: .other
    }
  }

  private static let bullets: Set<Unicode.Scalar> = [
    "\u{B7}", "\u{387}", "\u{2022}", "\u{2023}", "\u{2027}", "\u{2043}", "\u{2219}", "\u{22C5}", "\u{25CF}", "\u{25E6}",
    "\u{30FB}",
    "\u{FF65}", "\u{FF3F}",
  ]
}
