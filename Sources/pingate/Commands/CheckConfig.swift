internal import ArgumentParser
internal import Vonage

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
      let messages = settings.vonage.messagesOfARequest
      if messages > 1 {
        StandardError.print(
          """
          PINGATE_WORKFLOW_ID: warning: one message that is charged becomes up to \(messages) messages and calls, because \
          Vonage goes on by itself until the PIN is entered. 6 sends one.
          """)
      }
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    print("The settings are complete and consistent\(source.file.map { " (\($0.path))" } ?? "").")
  }
}
