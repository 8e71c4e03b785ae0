import Testing
import Verification

/// Every character that Unicode has, against its properties.
struct TypedCharacterTests {
  private static let all = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }

  @Test func `every decimal digit of every script is one`() {
    var scripts = 0
    for scalar in Self.all where scalar.properties.generalCategory == .decimalNumber {
      let value = UInt8(scalar.properties.numericValue!)
      #expect(TypedCharacter(scalar) == .digit(value), "\(scalar.value)")
      scripts += value == 0 ? 1 : 0
    }
    #expect(scripts >= 70)
  }

  @Test func `what cannot be seen is invisible, blanks are blank, and dashes are dashes`() {
    var counts: [TypedCharacter: Int] = [:]
    for scalar in Self.all {
      let properties = scalar.properties
      let expected: TypedCharacter? =
        if properties.isDefaultIgnorableCodePoint {
          .invisible
        } else if properties.isWhitespace {
          .blank
        } else if properties.generalCategory == .dashPunctuation {
          .dash
        } else {
          nil
        }
      guard let expected else { continue }
      counts[expected, default: 0] += 1
      #expect(TypedCharacter(scalar) == expected, "\(scalar.value)")
    }
    #expect(counts[.invisible]! > 4_000 && counts[.blank] == 25 && counts[.dash]! >= 26)
  }

  @Test func `letters, other numbers, signs and controls are nothing`() {
    for scalar in Self.all {
      switch scalar.properties.generalCategory {
      case .letterNumber, .otherNumber, .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .nonspacingMark,
        .enclosingMark, .currencySymbol, .surrogate, .privateUse:
        guard !scalar.properties.isDefaultIgnorableCodePoint else { continue }
        #expect(TypedCharacter(scalar) == .other, "\(scalar.value)")
      default: continue
      }
    }
    for scalar in ["\0", "\u{7F}", "\u{9F}", "+", "#", "*", "%", "<"] as [Unicode.Scalar] {
      #expect(TypedCharacter(scalar) == .other)
    }
  }

  @Test func `a PIN is read in every script, and with every blank, dash and invisible character between its digits`() {
    for scalar in Self.all {
      switch TypedCharacter(scalar) {
      case .digit(0):
        let digits = String(String.UnicodeScalarView((1...6).map { Unicode.Scalar(scalar.value + $0)! }))
        #expect(Code.typed(digits)?.digits == "123456", "\(scalar.value)")
      case .invisible, .blank, .dash, .bullet, .stop, .quote:
        #expect(Code.typed("123\(scalar)456")?.digits == "123456", "\(scalar.value)")
      default: continue
      }
    }
  }
}
