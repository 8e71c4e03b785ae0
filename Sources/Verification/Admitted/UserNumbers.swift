/// The number of each user: the second factor of the people in a web server's password file.
///
/// It is read from lines `user:number`, among comments and empty lines. A broken line is reported, and refuses only its
/// own user. If a name occurs twice, its first line counts, as in password files.
public struct UserNumbers: Sendable, Hashable {
  private struct Entry: Sendable, Hashable {
    let number: PhoneNumber
    let line: Int
  }

  private var entries: [UserName: Entry] = [:]
  public private(set) var problems: [LineProblem] = []

  /// - Parameter lines: at most `mostLines`; any more are not read, which is reported as a problem of the first of
  ///   them.
  public init(lines: some Sequence<String> = []) {
    for (index, line) in lines.enumerated() {
      guard index < Self.mostLines else {
        problems.append(LineProblem(line: index + 1, advice: "and those below it are not read: the file is too long"))
        break
      }
      read(line, number: index + 1)
    }
  }

  /// The same for a single user's lines, in a fraction of the time.
  public init(lines: some Sequence<String>, of user: UserName) {
    let name = Array(user.text.utf8)
    for (index, line) in lines.enumerated().prefix(Self.mostLines) where Self.mayBe(line, of: name) {
      read(line, number: index + 1)
    }
    entries = entries.filter { $0.key == user }
    problems = []
  }

  /// Whether the name occurs in a line before its first colon.
  private static func mayBe(_ line: String, of name: [UInt8]) -> Bool {
    let rest = Array(line.utf8.prefix { $0 != UInt8(ascii: ":") })
    guard rest.count >= name.count else { return false }
    return (0...(rest.count - name.count)).contains { rest[$0...].starts(with: name) }
  }

  private mutating func read(_ line: String, number: Int) {
    func problem(_ advice: String) -> LineProblem { LineProblem(line: number, advice: advice) }
    guard line.utf8.count <= AdmittedLine.longest else { return problems.append(problem(AdmittedLine.lengthAdvice)) }
    guard let text = AdmittedLine(line).text else { return }
    let scalars = text.unicodeScalars
    guard let colon = scalars.firstIndex(of: ":"),
      let user = UserName(String(AdmittedLine.trimmed(scalars[..<colon])))
    else { return problems.append(problem("is not of the form user:number")) }
    guard let phone = PhoneNumber(written: String(scalars[scalars.index(after: colon)...])) else {
      return problems.append(problem(AdmittedLine.numberAdvice))
    }
    guard let first = entries[user] else {
      lengths.append(phone.digits.utf8.count)
      entries[user] = Entry(number: phone, line: number)
      return
    }
    problems.append(problem("has the user of line \(first.line) again, and is not used"))
  }

  /// Nil for a user without a number.
  public func number(of user: UserName) -> PhoneNumber? { entries[user]?.number }

  /// The line with a user's number, for messages to the owner.
  public func line(of user: UserName) -> Int? { entries[user]?.line }

  /// All users with a number, in the order of their lines.
  public var all: [(user: UserName, number: PhoneNumber, line: Int)] {
    entries.map { ($0.key, $0.value.number, $0.value.line) }.sorted { $0.line < $1.line }
  }

  /// How many digits their numbers have, in the order of their lines.
  public private(set) var lengths: [Int] = []

  public var isEmpty: Bool { entries.isEmpty }

  /// More than any password file has on a site that scans it line by line for each request.
  public static let mostLines = 50_000
}
