internal import ArgumentParser

/// Reads all settings, pages, and keys as `serve` would, tries out what they name, and says what is wrong.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check all settings and page templates, and try what they name.",
    discussion: """
      Opens the store and writes, looks at the socket's folder, at the alert command and at who can read secrets, and asks \
      Vonage whether it knows the account; nothing is sent. Prints every problem with the name of its setting, and exits \
      with 78 (EX_CONFIG) when there is one. Run it as the user that PinGate runs as.
      """)

  @Flag(help: "Leave the network out: ask neither Vonage nor a Redis.")
  var offline = false

  func run() throws {
    let source = SettingsSource.ofThisProcess()
    var end = offline ? "what is on this machine is ready" : "PinGate is ready"
    let file = source.file.map { " (\($0.path))" } ?? ""
    do {
      let settings = try Settings(source)
      try SiteContext.check(settings)
      let check = ConfigurationCheck(settings, source, isOffline: offline)
      for warning in check.warnings { StandardError.print("\(warning.name): warning: \(warning.advice)") }
      guard check.problems.isEmpty else { throw SettingsProblems(all: check.problems) }
      for fact in check.facts { print(fact) }
      if check.isRoot { end += " as far as root can tell; run this as PinGate's own user too" }
      if !check.isReady { end = "whether it works depends on the warnings" }
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    print("The settings are complete and consistent\(file): \(end).")
  }
}
