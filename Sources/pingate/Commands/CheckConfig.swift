internal import ArgumentParser

/// Reads all settings, pages and keys as `serve` would, and says what is wrong.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check all settings and page templates.",
    discussion: "Prints every problem with the name of its setting, and exits with 78 (EX_CONFIG) when there is one.")

  func run() throws {
    let source = SettingsSource.ofThisProcess()
    do {
      let settings = try Settings(source)
      try Assembly.check(settings, log: Log.logger(level: settings.logLevel))
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    print("The settings are complete and consistent\(source.file.map { " (\($0.path))" } ?? "").")
  }
}
