internal import Gateway
internal import Glibc
internal import Limits
internal import Threads

/// Where settings come from: the environment first, then the configuration file. A secret can also be in a file of its own, named by
/// `NAME_FILE`.
struct SettingsSource: Sendable {
  let environment: [String: String]
  let file: ConfigurationFile?
  /// Further files in the usual places, which are not read, but whose secrets are secrets all the same.
  private(set) var unused: [String] = []
  /// What went wrong while looking for the configuration file.
  let problems: [SettingsProblem]

  init(environment: [String: String], file: ConfigurationFile? = nil, problems: [SettingsProblem] = []) {
    self.environment = environment
    self.file = file
    self.problems = problems + (file?.problems ?? []) + Self.unknownNames(environment, file)
  }

  /// The environment with the file that `PINGATE_CONFIG` names, or else with the first of the usual files that exists
  /// (`usualFiles`).
  static func usual(environment: [String: String], executable: String) -> SettingsSource {
    do throws(SettingText.Mistake) {
      let path = try SettingText.value(of: environment[configName] ?? "", comments: .areMistakes)
      if !path.isEmpty { return SettingsSource(environment: environment, reading: path, isRequired: true) }
    } catch {
      // The owner does not mean any other file.
      return SettingsSource(
        environment: environment, problems: [SettingsProblem(name: configName, advice: error.advice)])
    }
    let files = usualFiles(environment: environment, executable: executable)
    for (index, path) in files.enumerated() {
      var source = SettingsSource(environment: environment, reading: path, isRequired: false)
      if source.file != nil || !source.problems.isEmpty {
        source.unused = files[(index + 1)...].filter { unsafe access($0, F_OK) == 0 }
        return source
      }
    }
    return SettingsSource(environment: environment)
  }

  /// Where settings are looked for, in this order: for a CGI program, above the folder that its web server hands out to everybody,
  /// directly or in a folder `pingate`; then in the parent of the program's own folder; then in `/etc/pingate`.
  ///
  /// Above the web server's folder they are looked for only if the program is there, too: on a machine with many sites, what is
  /// above may belong to somebody else.
  static func usualFiles(environment: [String: String], executable: String) -> [String] {
    var files: [String] = []
    for served in WebFolders(environment: environment).served {
      guard let folder = WebFolders.folder(above: served), WebFolders.contains(folder, executable) else { continue }
      files += ["\(folder)/pingate.conf", "\(folder)/pingate/pingate.conf"]
    }
    let parent = executable.split(separator: "/").dropLast(2).joined(separator: "/")
    files.append("/\(parent.isEmpty ? "" : parent + "/")pingate.conf")
    files.append("/etc/pingate/pingate.conf")
    return files.enumerated().filter { files.firstIndex(of: $1) == $0 }.map(\.element)
  }

  /// The settings of this process.
  static func ofThisProcess() -> SettingsSource {
    usual(environment: ProcessEnvironment.atStart, executable: Executable.path)
  }

  private init(environment: [String: String], reading path: String, isRequired: Bool) {
    do {
      self.init(environment: environment, file: try ConfigurationFile(path: path))
    } catch  where error.isMissing && !isRequired {
      self.init(environment: environment)
    } catch {
      self.init(
        environment: environment,
        problems: [SettingsProblem(name: path, advice: "cannot be read (\(error)); settings are missing")])
    }
  }

  /// The value of a limit's setting; an empty one counts as absent.
  func value(of row: LimitID) throws(SettingsProblem) -> String? {
    guard let name = row.settingName else { return nil }
    if let value = try value(name, in: .environment) { return value }
    return try value(name, in: .file)
  }

  /// The value of a setting; an empty one counts as absent.
  func value(of name: SettingName) throws(SettingsProblem) -> String? {
    for layer in [Layer.environment, .file] {
      let value = try value(name.rawValue, in: layer)
      guard name.isSecret, let path = try self.value(name.fileName, in: layer) else {
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

  private enum Layer {
    case environment, file
  }

  private func value(_ name: String, in layer: Layer) throws(SettingsProblem) -> String? {
    switch layer {
    case .file: return file?.values[name].flatMap { $0.isEmpty ? nil : $0 }
    case .environment:
      guard let text = environment[name], !text.isEmpty else { return nil }
      do throws(SettingText.Mistake) {
        let value = try SettingText.value(of: text, comments: .areMistakes)
        return value.isEmpty ? nil : value
      } catch {
        throw SettingsProblem(name: name, advice: error.advice)
      }
    }
  }

  private func secret(in path: String, for name: SettingName) throws(SettingsProblem) -> String {
    func problem(_ reason: String) -> SettingsProblem {
      SettingsProblem(name: name.fileName, advice: "\(path) \(reason)")
    }
    let lines: [String]
    do throws(SmallFile.Failure) {
      lines = try SmallFile(path: path, limit: Self.longestSecret).lines()
    } catch {
      throw problem("cannot be read (\(error))")
    }
    var values: [String] = []
    do throws(SettingText.Mistake) {
      // What an editor leaves at the ends of a line is not part of the secret.
      for line in lines { values.append(try SettingText.value(of: line, comments: .areMistakes)) }
    } catch {
      throw problem(error.advice)
    }
    guard values.first?.isEmpty == false else { throw problem("cannot be read (its first line is empty)") }
    values.removeAll(where: \.isEmpty)
    // Keys may be on separate lines.
    guard values.count == 1 || name == .key || name == .proofKey || name == .webhookSecret else {
      throw problem("cannot be read (it has more than one line)")
    }
    guard !values[0].hasPrefix("\(name.rawValue)="), !values[0].hasPrefix("export ") else {
      throw problem("has a line NAME=value: it must hold the value alone")
    }
    return values.joined(separator: " ")
  }

  private static let longestSecret = 65_536

  /// The files that contain secrets, each with the name that problems with it are reported under: its setting, or for the
  /// configuration file its path.
  var secretFiles: [(name: String, path: String)] {
    var files = ((file.map { [$0.path] } ?? []) + unused).map { (name: $0, path: $0) }
    for name in SettingName.allCases where name.isSecret {
      // Mistakes in the value are reported when it is read.
      let path = [Layer.environment, .file].lazy.compactMap { try? value(name.fileName, in: $0) }.first
      if let path { files.append((name.fileName, path)) }
    }
    return files
  }

  /// Whether the configuration file contains something that nobody else may know. An API key is only the account's name; an address
  /// is a secret if there is a password in it.
  var fileHoldsSecret: Bool {
    guard let file else { return false }
    return file.values.contains { name, value in
      switch SettingName(rawValue: name) {
      case .vonageAPISecret, .key, .proofKey, .alertSecret, .redeemSecret, .webhookSecret: !value.isEmpty
      case .store, .proxy: value.contains("@") || value.contains("password")
      default: false
      }
    }
  }

  /// Container platforms put the addresses of a service named "pingate" into every container's environment.
  private static func isServiceLink(_ name: String) -> Bool {
    name == "PINGATE_PORT" || name.hasPrefix("PINGATE_PORT_") || name.hasPrefix("PINGATE_SERVICE_")
  }

  static let configName = "PINGATE_CONFIG"

  /// Names that are not settings: a mistyped one would leave a default in force that the owner believes changed.
  private static func unknownNames(_ environment: [String: String], _ file: ConfigurationFile?) -> [SettingsProblem] {
    var known: Set<String> = [configName]
    // A CGI program's environment contains the web server's parameters, too.
    if environment["REQUEST_METHOD"] != nil { known.formUnion(Question.parameters) }
    known.formUnion(LimitID.allCases.compactMap(\.settingName))
    for name in SettingName.allCases {
      known.insert(name.rawValue)
      if name.isSecret { known.insert(name.fileName) }
    }
    var unknown = environment.keys.filter { $0.hasPrefix("PINGATE_") && !known.contains($0) && !isServiceLink($0) }
    unknown += (file?.values.keys).map { $0.filter { !known.contains($0) } } ?? []
    return Set(unknown).sorted().map { SettingsProblem(name: $0, advice: "is not a setting; look for a typing error") }
  }
}
