internal import Encoding
internal import Limits

/// Reads settings one by one and collects what is wrong with them, so that the owner learns about everything at once.
struct SettingsReader {
  private let source: SettingsSource
  private(set) var problems: [SettingsProblem]

  init(_ source: SettingsSource) {
    self.source = source
    problems = source.problems
  }

  /// The value of an optional setting.
  mutating func optional(_ name: SettingName) -> String? {
    do {
      return try source.value(of: name).flatMap { oneLine($0, name.rawValue, isSecret: name.isSecret) }
    } catch {
      note(error)
      return nil
    }
  }

  /// Records a problem once, however often its setting is read.
  private mutating func note(_ problem: SettingsProblem) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// The value of a limit's optional setting, as `parse` understands it.
  mutating func optional<Value>(
    _ row: LimitID, _ rule: @autoclosure () -> String, _ parse: (String) -> Value?
  ) -> Value? {
    guard let name = row.settingName else { return nil }
    let text: String?
    do {
      text = try source.value(of: row).flatMap { oneLine($0, name) }
    } catch {
      note(error)
      return nil
    }
    guard let text else { return nil }
    guard let value = parse(text) else {
      note(SettingsProblem(name: name, advice: "must be \(rule())"))
      return nil
    }
    return value
  }

  /// The value of a required setting.
  ///
  /// - Parameter advice: what to put there, for an owner who left it out.
  mutating func required(_ name: SettingName, _ advice: String) -> String? {
    let value = optional(name)
    if value == nil, !isMistaken(name) { complain(name, "is missing: \(advice)") }
    return value
  }

  /// Whether the setting is there but wrong, which was reported: then it is not missing.
  func isMistaken(_ name: SettingName) -> Bool {
    if let file = source.file, !file.unreadable.isDisjoint(with: [name.rawValue, name.fileName]) { return true }
    return problems.contains { $0.name == name.rawValue || $0.name == name.fileName }
  }

  /// The value of an optional setting as `parse` understands it.
  ///
  /// - Parameter rule: what a value must be, "a number from 1 to 7"; made when it is needed.
  mutating func optional<Value>(
    _ name: SettingName, _ rule: @autoclosure () -> String, _ parse: (String) -> Value?
  ) -> Value? {
    guard let text = optional(name) else { return nil }
    guard let value = parse(text) else {
      complain(name, "must be \(rule())")
      return nil
    }
    return value
  }

  /// A whole number in a range; nil if the setting is left out.
  mutating func number(_ name: SettingName, in range: ClosedRange<Int>, unit: String = "") -> Int? {
    optional(name, "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " \(unit)")") {
      text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Whether a switch is on; nil if the setting is left out.
  mutating func flag(_ name: SettingName) -> Bool? {
    optional(name, "on or off") { ["on": true, "off": false][$0] }
  }

  /// A time like 90s, 15m, 12h, or 30d; a plain number is in seconds. Nil if the setting is left out.
  ///
  /// - Parameter rule: which times are in the range, "from 1m to 400d".
  mutating func duration(
    _ name: SettingName, in range: ClosedRange<Int64>, _ rule: String
  ) -> Duration? {
    optional(name, "a time \(rule), like 90s, 15m, 12h or 30d") { text in
      let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
      let unit = text.last.flatMap { units[$0] }
      let digits = unit == nil ? text[...] : text.dropLast()
      guard (1...9).contains(digits.utf8.count), digits.utf8.areDigits, let count = Int64(digits) else { return nil }
      let seconds = count * (unit ?? 1)
      return range.contains(seconds) ? .seconds(seconds) : nil
    }
  }

  private mutating func oneLine(_ value: String, _ name: String, isSecret: Bool = false) -> String? {
    guard value.utf8.count <= Self.longestValue, !value.unicodeScalars.contains(where: Self.isControl) else {
      note(
        SettingsProblem(
          name: name, advice: "must be at most \(Self.longestValue) bytes of one line, without control characters"))
      return nil
    }
    // Copied along with a secret, it would be sent along with it, and nobody could see why the secret is refused.
    guard !isSecret || !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .format }) else {
      note(SettingsProblem(name: name, advice: "has an invisible character in it; type it anew"))
      return nil
    }
    return value
  }

  /// The configuration file, if there is one.
  var filePath: String? { source.file?.path }

  /// The files that contain secrets.
  var secretFiles: [(name: String, path: String)] { source.secretFiles }

  mutating func complain(_ name: String, _ advice: String) {
    note(SettingsProblem(name: name, advice: advice))
  }

  /// The environment of the process.
  var environment: [String: String] { source.environment }

  mutating func complain(_ name: SettingName, _ advice: String) {
    note(SettingsProblem(name: name.rawValue, advice: advice))
  }

  /// Longer than any sensible value, keys and folders included.
  static let longestValue = 4_096

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}
