/// Something about the settings that the owner has to change.
struct SettingsProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The setting, or the file and line, that it is about.
  let name: String
  /// What is wrong and what to do about it. It never repeats a secret.
  let advice: String

  var description: String { "\(name): \(advice)" }
}

/// Everything that is wrong with the settings, at once.
struct SettingsProblems: Error, Sendable, CustomStringConvertible {
  let all: [SettingsProblem]

  var description: String { all.map(\.description).joined(separator: "\n") }
}
