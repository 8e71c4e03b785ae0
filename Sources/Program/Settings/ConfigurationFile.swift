internal import Encoding
internal import Threads

/// A file of `NAME=value` lines, as systemd's `EnvironmentFile=`, `.env` files and shells have them: empty lines and lines
/// that begin with `#` or `;` are skipped, `export` may stand before a name, spaces around `=`, a value in quotes, and a
/// comment behind it (`SettingText`). An editor's byte order mark and its line ends do not matter.
///
/// Nothing else is skipped: a line that is none of this is a problem that names its number, and never what is in it. The end
/// of a key that an editor has wrapped looks like a name with an empty value.
struct ConfigurationFile: Sendable {
  let path: String
  private(set) var values: [String: String] = [:]
  private(set) var problems: [SettingsProblem] = []
  /// The settings that are there, and whose values cannot be read.
  private(set) var unreadable: Set<String> = []

  private static let longestFile = 65_536

  /// Reads the file.
  init(path: String) throws(SmallFile.Failure) {
    self.init(path: path, lines: try SmallFile(path: path, limit: Self.longestFile).lines())
  }

  init(path: String, text: String) {
    self.init(path: path, lines: SmallFile.lines(of: text.utf8))
  }

  private init(path: String, lines: [String]) {
    self.path = path
    for (index, line) in lines.enumerated() {
      read(line, number: index + 1)
    }
  }

  private mutating func read(_ line: String, number: Int) {
    let line = line.unicodeScalars.drop(while: SettingText.isInvisible)
    guard let first = line.first, first != "#", first != ";" else { return }
    guard let equals = line.firstIndex(of: "="), let name = Self.name(Substring(line[..<equals])) else {
      return complain("is not of the form NAME=value", line: number)
    }
    // A secret that is shorter than its owner believes would be a weaker one.
    let isSecret = SettingName(rawValue: name)?.isSecret ?? false
    do {
      let text = Substring(line[line.index(after: equals)...])
      let value = try SettingText.value(of: text, comments: isSecret ? .areMistakes : .areSkipped)
      guard values.updateValue(value, forKey: name) == nil else {
        return complain("sets \(name) a second time", line: number)
      }
    } catch {
      unreadable.insert(name)
      complain("\(name) \(error.advice)", line: number)
    }
  }

  private mutating func complain(_ advice: String, line: Int) {
    problems.append(SettingsProblem(name: "\(path):\(line)", advice: advice))
  }

  /// - Returns: nil for what may be something else than a setting's name. Those have capital letters, digits and an
  ///   underscore, which base64 does not have, and may be told.
  private static func name(_ text: Substring) -> String? {
    var words = text.unicodeScalars.split(whereSeparator: SettingText.isInvisible).map { String(Substring($0)) }[...]
    if words.count > 1, words.first == "export" { words.removeFirst() }
    guard words.count == 1, let name = words.first, name.utf8.first?.isUpperCaseLetter == true,
      name.utf8.contains(UInt8(ascii: "_")), name.utf8.allSatisfy(isNameByte)
    else { return nil }
    return name
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isUpperCaseLetter || byte.isDigit || byte == UInt8(ascii: "_")
  }
}
