internal import ArgumentParser
internal import FastCGI
internal import Glibc
internal import Limits
internal import Logging
internal import Threads

/// Delivers the events that wait for the owner's webhook. A service does that by itself, and a CGI program leaves a process behind
/// that does it; if the receiver is down for longer than that process lives, cron can. Only one runs at a time: others end at once.
struct Deliver: ParsableCommand {
  static let name = "deliver"
  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Bring what waits for PINGATE_WEBHOOK_URL. A service does it by itself.",
    discussion: """
      Ends within two minutes, and at once where another one is at work. Ends with 76 when something was given up, or had no \
      room to wait; the log says what. What is tried again later is no failure. Ends with 69 when the store cannot be used.
      """)

  /// Its longest life in seconds, whatever it waits for.
  static let longestLife: CUnsignedInt = 120
  /// How long it looks for more; the second try comes within that time.
  private static let time: Duration = .seconds(45)
  private static let alertTime: Duration = .seconds(20)

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
    let lost: Int
    do {
      let log = Log.logger(level: settings.process.logLevel)
      let process = try ProcessContext(
        settings.process, execution: .loop(loop), opening: .whenUsed, log: log)
      let alerts = Alerts(
        settings.process.alerts, site: settings.site.name, client: process.client, log: log, execution: .loop(loop))
      let courier = SiteContext.courier(webhook, settings.site, process, alerts, log: log)
      lost = try loop.run {
        let lost: Result<Int, StoreFailure>
        do throws(StoreFailure) {
          lost = .success(try await courier.work(until: .now + Self.time))
        } catch {
          lost = .failure(error)
        }
        await process.giveStoreBack()
        await alerts.finish(within: Self.alertTime)
        return lost
      }.get()
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.unavailable)
    }
    if lost > 0 { throw ExitCode(ExitStatus.undelivered) }
  }
}

/// The process that a CGI program leaves behind to deliver what it put into the outbox: `pingate deliver`, from the same file, with
/// the same settings. It holds none of the web server's pipes.
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
      // The event is in the store: the next such process, or cron, delivers it.
      log.warning("webhook.left", metadata: ["reason": "\(error)"])
    }
  }
}
