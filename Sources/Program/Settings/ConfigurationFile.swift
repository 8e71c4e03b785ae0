internal import Encoding
internal import Threads

/// A file of `NAME=value` lines, as in systemd's `EnvironmentFile=`, `.env` files, and shells: empty lines and lines that begin with
/// `#` or `;` are skipped; a name may have `export` before it and spaces around its `=`; a value may be in quotes, and may have a
/// comment after it (`SettingText`). An editor's byte order mark and line endings do not matter.
///
/// Nothing else is skipped: any other line is a problem, reported with its number but never with its content. For example, the end
/// of a key that an editor has wrapped looks like a name with an empty value.
struct ConfigurationFile: Sendable {
  let path: String
  private(set) var values: [String: String] = [:]
  private(set) var problems: [SettingsProblem] = []
  /// The settings that are in the file but whose values cannot be read.
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
    // A secret that is shorter than its owner believes would be weaker.
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

  /// - Returns: nil for anything that may not be a setting's name. Names have capital letters, digits, and an underscore, which
  ///   base64 has not, so they can be shown.
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
