/// Reads settings one by one and collects what is wrong with them, so that an owner learns of everything at once.
struct SettingsReader {
  private let source: SettingsSource
  private(set) var problems: [SettingsProblem]

  init(_ source: SettingsSource) {
    self.source = source
    problems = source.problems
  }

  /// The value of a setting that may be left out.
  mutating func optional(_ name: SettingName) -> String? {
    do {
      guard let value = try source.value(of: name) else { return nil }
      guard value.utf8.count <= Self.longestValue, !value.unicodeScalars.contains(where: Self.isControl) else {
        complain(name, "must be at most \(Self.longestValue) bytes of one line")
        return nil
      }
      return value
    } catch {
      problems.append(error)
      return nil
    }
  }

  /// The value of a setting that there must be.
  ///
  /// - Parameter advice: what to put there, for whoever left it out.
  mutating func required(_ name: SettingName, _ advice: String) -> String? {
    let count = problems.count
    let value = optional(name)
    if value == nil, problems.count == count {
      complain(name, "is missing: \(advice)")
    }
    return value
  }

  /// The value of an optional setting as `parse` understands it.
  ///
  /// - Parameter rule: what a value must be, "a number from 1 to 7".
  mutating func optional<Value>(_ name: SettingName, _ rule: String, _ parse: (String) -> Value?) -> Value? {
    guard let text = optional(name) else { return nil }
    guard let value = parse(text) else {
      complain(name, "must be \(rule)")
      return nil
    }
    return value
  }

  /// A whole number in a range, or nil when the setting is left out.
  mutating func number(_ name: SettingName, in range: ClosedRange<Int>, unit: String = "") -> Int? {
    optional(name, "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " \(unit)")") {
      text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// The environment of the process.
  var environment: [String: String] { source.environment }

  mutating func complain(_ name: SettingName, _ advice: String) {
    problems.append(SettingsProblem(name: name.rawValue, advice: advice))
  }

  /// Longer than any sensible value, keys and folders included.
  static let longestValue = 4_096

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}
