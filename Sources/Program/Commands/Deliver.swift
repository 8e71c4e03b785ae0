internal import ArgumentParser
internal import FastCGI
internal import Glibc
internal import Logging
internal import Threads

/// Brings what waits for the owner's webhook. A service does that by itself; a CGI program leaves a process behind that does it,
/// and where the receiver was down for longer than that lives, cron does.
struct Deliver: ParsableCommand {
  static let name = "deliver"
  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Bring what waits for PINGATE_WEBHOOK_URL. A service does it by itself.")

  /// Its life's end, whatever it waits for, in seconds.
  static let longestLife: CUnsignedInt = 120
  /// How long it looks for more; a second try comes within that.
  private static let time: Duration = .seconds(45)

  func run() throws {
    alarm(Self.longestLife)
    signal(SIGPIPE, SIG_IGN)
    let loop = EventLoop()
    let settings: Settings
    do {
      settings = try Settings(SettingsSource.ofThisProcess())
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    guard let webhook = settings.site.webhook else {
      throw ValidationError("\(SettingName.webhookURL.rawValue) is not set: there is nothing to bring.")
    }
    do {
      let process = try ProcessContext(
        settings.process, execution: .loop(loop), opening: .whenUsed, log: Log.logger(level: settings.process.logLevel))
      let courier = SiteContext.courier(
        webhook, settings.site, process, log: Log.logger(level: settings.process.logLevel))
      loop.run {
        let end = ContinuousClock.now + Self.time
        while let pause = await courier.pass(), ContinuousClock.now + pause < end {
          await loop.sleep(for: max(pause, .milliseconds(100)))
        }
        await process.giveStoreBack()
      }
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.unavailable)
    }
  }
}

/// The process that a CGI program leaves behind to bring what it has put into the outbox: `pingate deliver`, of the same file
/// with the same settings. It holds none of the web server's pipes.
enum DetachedDelivery {
  /// - Parameter environment: the CGI program's; what makes the request is taken out.
  static func leave(environment: [String: String], log: Logger) {
    let program = ProgramStart(
      // The running file itself, even if another one has taken its name since (proc(5)).
      path: "/proc/self/exe", arguments: ["pingate", Deliver.name],
      environment: CGIProgram.withoutRequest(environment), leads: .session, keepsErrors: false)
    do throws(ProgramStart.Failure) {
      _ = try program.start(with: [])
    } catch {
      // It waits in the store: the next process of this kind, or cron, brings it.
      log.warning("webhook.left", metadata: ["reason": "\(error)"])
    }
  }
}
