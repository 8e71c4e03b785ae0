internal import Verification

/// Where settings come from: the environment, and below it the configuration file. A secret may also stand in a file
/// of its own, named by `NAME_FILE`.
struct SettingsSource: Sendable {
  let environment: [String: String]
  let file: ConfigurationFile?
  /// What went wrong when the configuration file was looked for.
  let problems: [SettingsProblem]

  init(environment: [String: String], file: ConfigurationFile? = nil, problems: [SettingsProblem] = []) {
    self.environment = environment
    self.file = file
    self.problems = problems + (file?.problems ?? []) + Self.unknownNames(environment, file)
  }

  /// The environment with the file that `PINGATE_CONFIG` names, or else the first of the usual places that is there:
  /// `pingate.conf` in the parent of the program's own folder (on shared hosting that is above `cgi-bin`, where no web
  /// server looks), then `/etc/pingate/pingate.conf`.
  static func usual(environment: [String: String], executable: String) -> SettingsSource {
    if let path = environment[configName], !path.isEmpty {
      return SettingsSource(environment: environment, reading: path, isRequired: true)
    }
    let folder = executable.split(separator: "/").dropLast(2).joined(separator: "/")
    for path in ["/\(folder.isEmpty ? "" : folder + "/")pingate.conf", "/etc/pingate/pingate.conf"] {
      let source = SettingsSource(environment: environment, reading: path, isRequired: false)
      if source.file != nil || !source.problems.isEmpty {
        return source
      }
    }
    return SettingsSource(environment: environment)
  }

  /// The settings of this process.
  static func ofThisProcess() -> SettingsSource {
    usual(environment: ProcessEnvironment.atStart, executable: Executable.path)
  }

  private init(environment: [String: String], reading path: String, isRequired: Bool) {
    do {
      let text = try TextFile.read(path, limit: ConfigurationFile.longestFile)
      self.init(environment: environment, file: ConfigurationFile(path: path, text: text))
    } catch  where error.isMissing && !isRequired {
      self.init(environment: environment)
    } catch {
      self.init(
        environment: environment,
        problems: [SettingsProblem(name: path, advice: "cannot be read (\(error.reason)); settings are missing")])
    }
  }

  /// The value of a row's setting; an empty one counts as absent.
  func value(of row: LimitRow) -> String? {
    guard let name = row.settingName else { return nil }
    return [environment, file?.values ?? [:]].lazy.compactMap { $0[name] }.first { !$0.isEmpty }
  }

  /// The value of a setting; an empty one counts as absent.
  func value(of name: SettingName) throws(SettingsProblem) -> String? {
    for layer in [environment, file?.values ?? [:]] {
      let value = layer[name.rawValue].flatMap { $0.isEmpty ? nil : $0 }
      guard name.isSecret, let path = layer[name.fileName], !path.isEmpty else {
        if value != nil { return value }
        continue
      }
      guard value == nil else {
        throw SettingsProblem(name: name.rawValue, advice: "is set together with \(name.fileName); remove one of them")
      }
      return try secret(in: path, for: name)
    }
    return nil
  }

  private func secret(in path: String, for name: SettingName) throws(SettingsProblem) -> String {
    do throws(TextFile.Failure) {
      let text = try TextFile.read(path, limit: ConfigurationFile.longestFile)
      // An editor ends the last line; the line end is not part of the secret. Keys may stand on a line each.
      let lines = text.split(whereSeparator: \.isNewline)
      guard let first = lines.first, text.first?.isNewline == false else {
        throw TextFile.Failure(reason: "its first line is empty", isMissing: false)
      }
      guard lines.count == 1 || name == .key else {
        throw TextFile.Failure(reason: "it has more than one line", isMissing: false)
      }
      return name == .key ? lines.joined(separator: " ") : String(first)
    } catch {
      throw SettingsProblem(name: name.fileName, advice: "\(path) cannot be read (\(error.reason))")
    }
  }

  /// Container platforms put the addresses of a service named "pingate" into everybody's environment.
  private static func isServiceLink(_ name: String) -> Bool {
    name == "PINGATE_PORT" || name.hasPrefix("PINGATE_PORT_") || name.hasPrefix("PINGATE_SERVICE_")
  }

  static let configName = "PINGATE_CONFIG"

  /// A mistyped name would otherwise leave a default in force that the owner believes changed.
  private static func unknownNames(_ environment: [String: String], _ file: ConfigurationFile?) -> [SettingsProblem] {
    var known: Set<String> = [configName]
    known.formUnion(LimitRow.allCases.compactMap(\.settingName))
    for name in SettingName.allCases {
      known.insert(name.rawValue)
      if name.isSecret { known.insert(name.fileName) }
    }
    var unknown = environment.keys.filter { $0.hasPrefix("PINGATE_") && !known.contains($0) && !isServiceLink($0) }
    unknown += (file?.values.keys).map { $0.filter { !known.contains($0) } } ?? []
    return Set(unknown).sorted().map { SettingsProblem(name: $0, advice: "is not a setting; look for a typing error") }
  }
}
