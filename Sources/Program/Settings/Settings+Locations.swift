/// Where secrets and the store are, and who can reach them.
extension Settings {
  /// Reports settings, secrets, or a store that the web server hands out to everybody: nothing may run with them.
  static func checkLocations(_ reader: inout SettingsReader, store: StoreLocation?, admitted: AdmittedSettings) {
    let files = files(reader.secretFiles, store, admitted)
    for problem in problems(files, in: WebFolders(environment: reader.environment)) {
      reader.complain(problem.name, problem.advice)
    }
  }

  /// The same for a folder that a web server names with a request.
  static func problemsOfLocations(_ source: SettingsSource, servedFolder: String) -> [SettingsProblem] {
    var reader = SettingsReader(source)
    let files = files(source.secretFiles, StoreLocation(&reader), AdmittedSettings(&reader))
    return problems(files, in: WebFolders(environment: ["DOCUMENT_ROOT": servedFolder]))
  }

  private static func problems(_ files: [(name: String, path: String)], in web: WebFolders) -> [SettingsProblem] {
    files.compactMap { name, path in
      guard let folder = web.folder(with: path) else { return nil }
      let above = WebFolders.folder(above: folder).map { ", to \($0)," } ?? ""
      let file = path.split(separator: "/").last.map(String.init) ?? path
      let location = path == name ? "" : path + " "
      let then =
        switch SettingName(rawValue: name) {
        case .store: "by PINGATE_STORE or together with pingate.conf"
        case .users, .gateNumbers: "and name its new place: it has people's numbers in it"
        default: "and then change what is secret in it"
        }
      return SettingsProblem(
        name: name,
        advice:
          "\(location)is in \(folder), which the web server hands out to everybody: move \(file) out of it\(above) \(then)"
      )
    }
  }

  /// What looks unsafe to this process but may be safe, so it is reported loudly and not refused: a hoster may need permissions that
  /// others could do without, and a folder's name proves nothing.
  static func doubtsAboutLocations(
    _ source: SettingsSource, store: StoreLocation, admitted: AdmittedSettings
  ) -> [Doubt] {
    var doubts: [Doubt] = []
    for (name, path) in files(source.secretFiles, nil, admitted) where !source.unused.contains(path) {
      let isSecret = name == path ? source.fileHoldsSecret : name != SettingName.vonageAPIKey.fileName
      if let complaint = FileRights.complaint(about: path, isSecret: isSecret) {
        doubts.append(Doubt(SettingsProblem(name: path, advice: complaint), isCertain: true))
      }
    }
    let served = WebFolders(environment: source.environment).served
    for (name, path) in files(source.secretFiles, store, admitted) {
      guard let folder = WebFolders.folder(byNameOf: path, certain: false) else { continue }
      let isCertain = WebFolders.folder(byNameOf: path, certain: true) != nil
      // If the web server names its folder, that says more than a folder's name, which others may have, too.
      guard isCertain || served.isEmpty else { continue }
      let advice =
        "\(path == name ? "" : "\(path) ")is in \(folder), which looks like a folder that a web server hands out to everybody; "
        + "as a CGI program PinGate does not run if that is so; move it out of there"
      doubts.append(Doubt(SettingsProblem(name: name, advice: advice), isCertain: isCertain))
    }
    return doubts
  }

  /// Something that only the owner can judge.
  struct Doubt: Sendable {
    let problem: SettingsProblem
    /// Whether `check-config` calls it a problem, and not only a warning.
    let isCertain: Bool

    init(_ problem: SettingsProblem, isCertain: Bool) {
      self.problem = problem
      self.isCertain = isCertain
    }
  }

  private static func files(
    _ secrets: [(name: String, path: String)], _ store: StoreLocation?, _ admitted: AdmittedSettings?
  ) -> [(name: String, path: String)] {
    var files = secrets
    if case .sqlite(let path) = store { files.append((SettingName.store.rawValue, path)) }
    if let (name, path) = admitted?.file { files.append((name.rawValue, path)) }
    return files
  }
}
