/// A placeholder in a page for a text that is known only when the page is requested, or that we must escape ourselves.
///
/// While a template is rendered, a marker stands for it: two private-use code points (Unicode, section 23.5), which no template
/// may contain, around a letter. `CompiledPage` finds them again.
enum Placeholder: UInt8, CaseIterable, Sendable {
  case brand, logo, home, title, referrerPolicy
  case number, ending, requestId, pinLength, lifetime, message, messageDetail, again, againSeconds, form
  case firstParagraph, secondParagraph, actionLabel, actionHref
  case reference
  case countries, channel, entry, shown
  case challenge, parts, bits, action
  case firstChoice, firstCountry, secondChoice, secondCountry, thirdChoice, thirdCountry

  /// The placeholders for the numbers that could be meant.
  static let choices: [(number: Placeholder, country: Placeholder)] = [
    (.firstChoice, .firstCountry), (.secondChoice, .secondCountry), (.thirdChoice, .thirdCountry),
  ]

  var marker: String {
    String(Self.opening) + String(UnicodeScalar(Self.firstLetter + rawValue)) + String(Self.closing)
  }

  static let opening: Unicode.Scalar = "\u{10FFF0}"
  static let closing: Unicode.Scalar = "\u{10FFF1}"
  static let firstLetter = UInt8(ascii: "A")
}

/// A text for each placeholder; empty for those that were not set.
struct PlaceholderTexts: Sendable {
  private var texts = [String](repeating: "", count: Placeholder.allCases.count)

  subscript(placeholder: Placeholder) -> String {
    get { texts[Int(placeholder.rawValue)] }
    set { texts[Int(placeholder.rawValue)] = newValue }
  }
}
