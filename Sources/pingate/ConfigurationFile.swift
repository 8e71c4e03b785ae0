/// A file of `NAME=value` lines, as systemd's `EnvironmentFile=` reads them: empty lines and lines that begin with `#`
/// or `;` are skipped, and a value may stand in single or double quotes.
///
/// Unlike there, nothing is skipped silently: a line that is none of this is a problem that names its number.
struct ConfigurationFile: Sendable {
  let path: String
  private(set) var values: [String: String] = [:]
  private(set) var problems: [SettingsProblem] = []

  static let longestFile = 65_536

  init(path: String, text: String) {
    self.path = path
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      read(line.trimmed, number: index + 1)
    }
  }

  private mutating func read(_ line: Substring, number: Int) {
    guard let first = line.first, first != "#", first != ";" else { return }
    guard let equals = line.firstIndex(of: "=") else {
      return complain("is not of the form NAME=value", line: number)
    }
    let name = String(line[..<equals].trimmed)
    guard let value = Self.unquoted(line[line.index(after: equals)...].trimmed) else {
      return complain("\(name) begins with a quote that does not end the line", line: number)
    }
    guard values.updateValue(value, forKey: name) == nil else {
      return complain("sets \(name) a second time", line: number)
    }
  }

  private mutating func complain(_ advice: String, line: Int) {
    problems.append(SettingsProblem(name: "\(path):\(line)", advice: advice))
  }

  private static func unquoted(_ value: Substring) -> String? {
    guard let quote = value.first, quote == "\"" || quote == "'" else { return String(value) }
    guard value.count >= 2, value.last == quote else { return nil }
    return String(value.dropFirst().dropLast())
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
    else { return self[endIndex...] }
    return self[start...end]
  }
}
