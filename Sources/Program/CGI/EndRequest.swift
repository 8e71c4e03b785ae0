internal import ArgumentParser
internal import Flow
internal import Glibc
internal import Threads

/// Ends a request that a CGI program has left (`DetachedCancel`); not a command for people.
struct EndRequest: ParsableCommand {
  static let name = "end-request"
  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

  func run() throws {
    alarm(DetachedCancel.longestLife)
    guard let token = DetachedCancel.read(from: STDIN_FILENO) else {
      throw ValidationError("A request to end comes from a CGI program, on a pipe.")
    }
    signal(SIGPIPE, SIG_IGN)
    let loop = EventLoop()
    let canceller: Canceller
    do {
      let settings = try Settings(SettingsSource.ofThisProcess())
      canceller = try SiteContext.canceller(
        settings, log: Log.logger(level: settings.process.logLevel), execution: .loop(loop))
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    guard loop.run({ await canceller.endLeft(token) }) else { throw ExitCode(ExitStatus.usage) }
  }
}
