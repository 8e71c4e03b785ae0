/// The numbers that may pass a site's gate, where not every one that was verified may.
public struct NumberList: Sendable, Hashable {
  public private(set) var numbers: Set<PhoneNumber> = []
  /// The lines that are no number. Each refuses itself and nothing else.
  public private(set) var problems: [LineProblem] = []

  /// Another one for each list that was read.
  public let revision = UInt64.random(in: .min ... .max)

  public init(_ numbers: some Sequence<PhoneNumber> = []) {
    self.numbers = Set(numbers)
  }

  /// - Parameter lines: one number each (`PhoneNumber.init(written:)`), empty ones and comments (`#`, `;`) among them.
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

/// What is wrong with a line of a file. It never says what is in it.
public struct LineProblem: Sendable, Hashable, CustomStringConvertible {
  /// Counted from 1.
  public let line: Int
  /// To be put after the line's number.
  public let advice: String

  public var description: String { "line \(line) \(advice)" }
}
