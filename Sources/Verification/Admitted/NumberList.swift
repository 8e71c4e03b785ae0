/// The numbers that may pass a site's gate, if not every verified number may.
public struct NumberList: Sendable, Hashable {
  public private(set) var numbers: Set<PhoneNumber> = []
  /// The lines that are not numbers. Each refuses itself and nothing else.
  public private(set) var problems: [LineProblem] = []

  /// A new one for each list that was read.
  public let revision = UInt64.random(in: .min ... .max)

  public init(_ numbers: some Sequence<PhoneNumber> = []) {
    self.numbers = Set(numbers)
  }

  /// - Parameter lines: one number each (`PhoneNumber.init(written:)`), among empty lines and comments (`#`, `;`).
  public init(lines: some Sequence<String>) {
    for (index, line) in lines.enumerated() {
      guard line.utf8.count <= AdmittedLine.longest else {
        problems.append(LineProblem(line: index + 1, advice: AdmittedLine.lengthAdvice))
        continue
      }
      guard let text = AdmittedLine(line).text else { continue }
      if let number = PhoneNumber(written: text) {
        numbers.insert(number)
      } else {
        problems.append(LineProblem(line: index + 1, advice: AdmittedLine.numberAdvice))
      }
    }
  }

  public static func == (left: NumberList, right: NumberList) -> Bool {
    left.numbers == right.numbers && left.problems == right.problems
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(numbers) }

  public func contains(_ number: PhoneNumber) -> Bool { numbers.contains(number) }
}

/// What is wrong with a line of a file. It never quotes the line.
public struct LineProblem: Sendable, Hashable, CustomStringConvertible {
  /// Counted from 1.
  public let line: Int
  /// To be appended to the line's number.
  public let advice: String

  public var description: String { "line \(line) \(advice)" }
}
