/// The PIN in a text that a person typed or pasted: the PIN alone, with anything between its digits, or the whole
/// message that it came in.
public enum CodeReading: Sendable, Hashable {
  case code(Code)
  /// There is more than one candidate.
  case several
  /// There is none.
  case unreadable

  /// Reads a text.
  ///
  /// A text without words is a single PIN if its digits are as many as a PIN has: "123 456", "1, 2, 3, 4, 5, 6". Among
  /// words, the PIN is the only number of that length ("G-123456 is your code. It is good for 5 minutes.") or, if there
  /// is none, the only one that uses the same separator throughout ("Your code: 123 456. Good for 5 minutes"). A
  /// repeated PIN counts once. Even without words, brackets and line breaks separate other numbers from it ("123456
  /// (12.05.26)").
  ///
  /// - Parameter length: how many digits a PIN has, within 4 to 10.
  public init(_ text: String, length: ClosedRange<Int>) {
    guard text.utf8.count <= Self.longestTyped else {
      self = .unreadable
      return
    }
    let typed = DigitRuns(in: text)
    let numbers = typed.runs.map(\.digits)
    var found: Set<String> = []
    if typed.runs.dropFirst().allSatisfy(\.isJoined), length.contains(numbers.reduce(0) { $0 + $1.utf8.count }) {
      found = [numbers.joined()]
    }
    if found.isEmpty { found = Set(numbers.filter { length.contains($0.utf8.count) }) }
    if typed.isPlain, found.count == 1, numbers.joined() != found.first, !typed.sets(apart: found) { found = [] }
    if found.isEmpty, !typed.isPlain { found = Self.grouped(typed.runs, length) }
    switch found.count {
    case 0: self = .unreadable
    case 1: self = .code(Code(digits: found[found.startIndex]))
    default: self = .several
    }
  }

  /// The numbers of the right length whose groups are all separated by the same separator.
  private static func grouped(_ runs: [DigitRuns.Run], _ length: ClosedRange<Int>) -> Set<String> {
    var found: Set<String> = []
    for (start, first) in runs.enumerated() {
      var digits = first.digits
      var separator: String?
      for run in runs[(start + 1)...] {
        guard run.isJoined, run.separator == separator ?? run.separator, digits.utf8.count < length.upperBound else {
          break
        }
        separator = run.separator
        digits += run.digits
        if length.contains(digits.utf8.count) { found.insert(digits) }
      }
    }
    return found
  }

  /// In bytes of UTF-8: more than the longest text message has, ten parts of 67 characters in any script.
  static let longestTyped = 2_048
}

/// The runs of digits in a text, and what is between them.
private struct DigitRuns {
  struct Run {
    /// ASCII digits, at least one.
    var digits: String
    /// The visible characters between the previous run and this one.
    let separator: String
    /// Whether they are only blanks and punctuation, so that both runs may be parts of one number.
    let isJoined: Bool
    /// Whether they include a bracket or a line break.
    let isApart: Bool
  }

  private(set) var runs: [Run] = []
  /// Whether the text contains only digits, blanks and punctuation.
  private(set) var isPlain = true

  init(in text: String) {
    var separator = ""
    var isJoined = true
    var isApart = false
    var isInRun = false
    for scalar in text.unicodeScalars {
      let character = TypedCharacter(scalar)
      switch character {
      case .digit(let value):
        let digit = String(Unicode.Scalar(UInt8(ascii: "0") + value))
        if isInRun {
          runs[runs.count - 1].digits += digit
        } else {
          runs.append(Run(digits: digit, separator: separator, isJoined: isJoined, isApart: isApart))
        }
        (separator, isJoined, isApart, isInRun) = ("", true, false, true)
      case .invisible: continue
      case .blank:
        separator += " "
        isInRun = false
        if Self.isLineEnd(scalar) { isApart = true }
      case .dash, .bullet, .quote, .stop, .other:
        separator.unicodeScalars.append(scalar)
        isInRun = false
        if character == .other, !Self.isPunctuation(scalar) { (isJoined, isPlain) = (false, false) }
        if Self.isBracket(scalar) { isApart = true }
      }
    }
  }

  /// Whether each of these numbers has only such numbers as neighbors, except across a bracket or a line break.
  func sets(apart numbers: Set<String>) -> Bool {
    zip(runs, runs.dropFirst()).allSatisfy { run, next in
      next.isApart || numbers.contains(run.digits) == numbers.contains(next.digits)
    }
  }

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  private static func isBracket(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .openPunctuation, .closePunctuation: true
    default: false
    }
  }

  /// Whether it is any kind of punctuation (general category P).
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }
}
