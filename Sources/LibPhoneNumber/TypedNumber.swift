internal import Verification

/// The digits of a number as a person typed or pasted it, whatever the script and the separators.
///
/// Before and between the digits it accepts spaces and line breaks, dashes, dots, slashes, brackets, bullets and
/// everything invisible; around the number, also quotes and the punctuation that ends a sentence. Each class is defined
/// by Unicode properties (`TypedCharacter`). A link is read as the number in it (`NumberLink`). Letters are refused,
/// even in "1-800-FLOWERS": PinGate does not guess whether a word was meant as a number.
struct TypedNumber: Equatable {
  /// ASCII digits, at least one.
  let digits: String
  /// Whether they begin with a country code. `++`, `00+` and `+00` mean the same as `+`.
  let hasPlus: Bool
  /// Whether there is a space where a `+` belongs: form decoding turns an unencoded `+` into a space (WHATWG URL
  /// Standard, section 5.1).
  let hasLostPlus: Bool

  /// The maximum length, 512 bytes of UTF-8: the longest dialed number (international prefix, 15 digits, trunk zero, a
  /// separator after each digit) takes 120 bytes in full-width characters, and a link can be longer.
  static let longestTyped = 512

  init(_ text: String) throws(NumberRefusal) {
    guard text.utf8.count <= Self.longestTyped else { throw .unreadable }
    let link = NumberLink(text)
    var scan = Scan()
    try scan.read(Array((link?.number ?? text).unicodeScalars))
    digits = try scan.number()
    hasPlus = scan.hasPlus || link?.isInternational == true
    hasLostPlus = !hasPlus && link == nil && Self.beginsWithBlank(text.unicodeScalars)
  }

  private static func beginsWithBlank(_ scalars: String.UnicodeScalarView) -> Bool {
    let start = scalars.prefix { scalar in
      switch TypedCharacter(scalar) {
      case .blank, .invisible: true
      default: scalar == "(" || scalar == "["
      }
    }
    return start.last == " "
  }

  static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch TypedCharacter(scalar) {
    case .invisible, .blank, .dash, .bullet: true
    case .digit, .quote: false
    case .stop: scalar == "." || scalar == "\u{FF0E}"
    case .other: signs.contains(scalar)
    }
  }

  /// Slashes and brackets, including full-width ones.
  private static let signs: Set<Unicode.Scalar> = [
    "/", "(", ")", "[", "]", "{", "}", "\u{2044}", "\u{2215}", "\u{FF0F}", "\u{FF08}", "\u{FF09}", "\u{FF3B}",
    "\u{FF3D}",
    "\u{FF5B}", "\u{FF5D}",
  ]

  /// Whether it is visible and neither a space nor a quote.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch TypedCharacter(scalar) {
    case .invisible, .blank, .quote: false
    default: true
    }
  }

  static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    if case .digit(let value) = TypedCharacter(scalar) { value } else { nil }
  }
}

/// The state of scanning a typed number.
private struct Scan {
  private var digits = ""
  private(set) var hasPlus = false
  /// The digits before a second `+`, which may only be the same country code ("+49 +49 172…").
  private var doubledCode = ""
  /// The visible separators between the digits, and how many digits follow the last of them.
  private var separators: [Unicode.Scalar] = []
  private var lastGroup = 0
  /// The visible separators after the last digit so far.
  private var pending: [Unicode.Scalar] = []

  mutating func read(_ scalars: [Unicode.Scalar]) throws(NumberRefusal) {
    for (index, scalar) in scalars.enumerated() {
      let character = TypedCharacter(scalar)
      if case .digit(let value) = character {
        if !digits.isEmpty, !pending.isEmpty {
          separators += pending
          lastGroup = 0
        }
        pending = []
        lastGroup += 1
        digits.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + value))
      } else if Self.isPlus(scalar) {
        try readPlus()
      } else if TypedNumber.isSeparator(scalar) {
        if character != .invisible { pending.append(scalar) }
      } else if digits.isEmpty {
        guard Self.isOpening(scalar, character) else { throw .unreadable }
      } else {
        try readTail(scalars[index...])
        return
      }
    }
  }

  /// The ASCII digits of the whole number.
  func number() throws(NumberRefusal) -> String {
    var digits = Substring(digits)
    // "12025550143.0": how a spreadsheet may format a whole number.
    if separators == ["."], lastGroup == 1, digits.hasSuffix("0") { digits.removeLast() }
    if hasPlus, digits.hasPrefix("00") { digits.removeFirst(2) }
    let code = doubledCode.drop { $0 == "0" }
    guard !digits.isEmpty, doubledCode.isEmpty || (1...3).contains(code.utf8.count) && digits.hasPrefix(code) else {
      throw .unreadable
    }
    return String(digits)
  }

  private mutating func readPlus() throws(NumberRefusal) {
    if !digits.allSatisfy({ $0 == "0" }) {
      guard doubledCode.isEmpty else { throw .unreadable }
      doubledCode = digits
    }
    digits = ""
    separators = []
    pending = []
    hasPlus = true
  }

  /// Handles what comes after the number: its end, an extension, or something else.
  private func readTail(_ tail: ArraySlice<Unicode.Scalar>) throws(NumberRefusal) {
    if tail.allSatisfy(Self.isEnd) { return }
    // The same spreadsheet format with a decimal comma.
    if separators.isEmpty, tail.starts(with: [",", "0"]), tail.dropFirst(2).allSatisfy(Self.isEnd) { return }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: tail)
    throw digits.utf8.count >= Self.fewestBeforeExtension && Extension.matches(text[...]) ? .hasExtension : .unreadable
  }

  /// With fewer digits before it, the text is not a number with an extension but something else.
  private static let fewestBeforeExtension = 4

  private static func isPlus(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "+" || scalar == "\u{FF0B}" || scalar == "\u{FE62}"
  }

  private static func isOpening(_ scalar: Unicode.Scalar, _ character: TypedCharacter) -> Bool {
    character == .quote || character == .stop || scalar == "<"
  }

  private static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
    let character = TypedCharacter(scalar)
    return character == .quote || character == .stop || scalar == ">" || TypedNumber.isSeparator(scalar)
  }
}
