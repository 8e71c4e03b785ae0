/// A place in a page for a text that is known only when the page is asked for, or that must be escaped by us.
///
/// While a template is rendered a hole holds its marker: two private-use code points (Unicode, section
/// 23.5), which no template may contain, around a letter. `Skeleton` finds them again.
enum Hole: UInt8, CaseIterable, Sendable {
  case brand, logo, home, title, referrerPolicy
  case number, requestId, lifetime, message, messageDetail, again, againSeconds, form
  case firstParagraph, secondParagraph, actionLabel, actionHref
  case reference
  case countries, channel
  case firstChoice, firstCountry, secondChoice, secondCountry, thirdChoice, thirdCountry

  /// The places of the numbers that could be meant.
  static let choices: [(number: Hole, country: Hole)] = [
    (.firstChoice, .firstCountry), (.secondChoice, .secondCountry), (.thirdChoice, .thirdCountry),
  ]

  var marker: String {
    String(Self.opening) + String(UnicodeScalar(Self.firstLetter + rawValue)) + String(Self.closing)
  }

  static let opening: Unicode.Scalar = "\u{10FFF0}"
  static let closing: Unicode.Scalar = "\u{10FFF1}"
  static let firstLetter = UInt8(ascii: "A")
}

/// A text for each hole; empty for those that were not set.
struct HoleTexts: Sendable {
  private var texts = [String](repeating: "", count: Hole.allCases.count)

  subscript(hole: Hole) -> String {
    get { texts[Int(hole.rawValue)] }
    set { texts[Int(hole.rawValue)] = newValue }
  }
}
