@testable internal import Program

extension FuzzTarget {
  /// A file of settings: its values, written in quotes, are read as they were; and no problem shows a value.
  static let settingsFile = FuzzTarget(name: "settings-file") { input in
    guard let text = String(validating: input, as: UTF8.self), !input.contains(0) else { return }
    let file = ConfigurationFile(path: "f", text: text)
    for problem in file.problems {
      // Of what stands in the file only names of settings are told.
      try require(problem.description.unicodeScalars.allSatisfy(\.isASCII), "a problem shows what is not ASCII")
      try require(problem.description.utf8.count < 4_096, "a problem as long as the file")
    }
    let written = file.values.map { name, value in
      let escaped = value.unicodeScalars.map { "\"\\$`".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }
      return "\(name)=\"\(escaped.joined())\""
    }
    let again = ConfigurationFile(path: "f", text: written.joined(separator: "\n"))
    try require(again.problems.isEmpty, "a value in quotes is a problem")
    try require(again.values.count == file.values.count, "a setting is lost")
    for (name, value) in file.values {
      try require(again.values[name]?.utf8.elementsEqual(value.utf8) == true, "\(name) is read as another value")
    }
  }
}
