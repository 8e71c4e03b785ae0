internal import FastCGI
internal import Gateway
internal import Glibc
internal import LibPhoneNumber
internal import Limits
internal import Logging
internal import Threads

/// The program as a service: it finds out how it was started, answers until it is told to stop, and rereads its settings when told
/// to.
struct Service: Sendable {
  /// What the owner wants from it while it serves.
  let wishes: AsyncStream<SignalListener.Wish>
  let openStore: OpenStore

  /// - Returns: the exit status.
  func run(_ source: SettingsSource) async -> CInt {
    var reader = SettingsReader(source)
    let listen = ListenSettings(&reader)
    let invocation = Invocation(
      environment: source.environment, configured: listen.address, processID: getpid(), standardInput: .probe())
    switch invocation.mode {
    case .cgi, .unnamedCGI: preconditionFailure("a CGI program is no service")
    case .systemd(let sockets):
      guard sockets == 1 else {
        StandardError.printWithoutWaiting("systemd handed over \(sockets) sockets; PinGate takes one")
        return ExitStatus.configuration
      }
      return await serve(source, listen) { () throws(FastCGIFailure) in
        try ListeningSocket(adopting: Invocation.firstSystemdDescriptor)
      }
    case .standardInput:
      return await serve(source, listen) { () throws(FastCGIFailure) in try ListeningSocket(adopting: STDIN_FILENO) }
    case .configured(let address):
      return await serve(source, listen) { () throws(FastCGIFailure) in
        try ListeningSocket(address, mode: listen.socketMode, group: listen.socketGroup)
      }
    case .terminal:
      StandardError.printWithoutWaiting(SettingsProblems(all: problemsAtATerminal(source, reader)).description)
      StandardError.printWithoutWaiting(
        "Behind a web server PinGate gets its socket handed over. `pingate --help` tells more.")
      return ExitStatus.configuration
    }
  }

  /// Everything that keeps a program from serving that somebody has started by hand.
  private func problemsAtATerminal(_ source: SettingsSource, _ listen: SettingsReader) -> [SettingsProblem] {
    var problems: [SettingsProblem] = []
    do {
      _ = try Settings(source)
    } catch {
      problems = error.all
    }
    var reader = listen
    if reader.problems.isEmpty {
      reader.complain(.listen, "is missing: where to listen, like unix:/run/pingate/pingate.sock or 127.0.0.1:9000")
    }
    return problems + reader.problems.filter { !problems.contains($0) }
  }

  // MARK: FastCGI

  private func serve(
    _ source: SettingsSource, _ listen: ListenSettings, on socket: () throws(FastCGIFailure) -> ListeningSocket
  ) async -> CInt {
    // If this is refused, lines are written if there is room for them at once, and nobody waits either.
    try? LogSink.standardError.startThread()
    // It reads files and opens the store, which may take time: no thread of tasks waits for that.
    let first = await Execution.threads.blocking {
      Self.opened(source, openStore: openStore) ?? SiteVersion.closed(source, log: Log.logger(level: .info))
    }
    let site = ActiveSite(first)
    let log = site.current.log
    warnOfDescriptors(listen, log)
    let server: FastCGIServer
    let authorizer: FastCGIServer?
    let address: String
    do {
      let socket = try socket()
      // A Unix socket that was handed over may have no path.
      address = socket.address?.description ?? "unix:"
      server = FastCGIServer(
        socket: socket, loops: listen.threads, limits: limits(listen),
        responder: ServedFolderWatch(site) { site.current.log },
        overloaded: { site.overloaded($0) },
        report: { ServerLog.record($0, in: site.current.log) })
      authorizer = try self.authorizer(of: site, listen)
    } catch {
      log.critical("server.cannot_listen", metadata: ["reason": "\(error)"])
      await site.end(within: .zero)
      return ExitStatus.unavailable
    }
    let reloads = Reloads { await reload(site, listen) }
    let listener = Task {
      for await wish in wishes {
        switch wish {
        case .reload: reloads.request()
        case .stop:
          server.stop()
          authorizer?.stop()
        }
      }
    }
    log.notice(
      "server.listening",
      metadata: [
        "address": "\(address)", "threads": "\(listen.threads)", "version": "\(Version.text)",
        "numbering_plan": "\(LibPhoneNumber.metadataVersion)",
      ])
    defer { listener.cancel() }
    do {
      // Each ends the other: nobody would notice that half of the program is gone.
      let answering = Task {
        do throws(FastCGIFailure) {
          try await authorizer?.run()
        } catch {
          server.stop()
          throw error
        }
      }
      do throws(FastCGIFailure) {
        try await server.run()
      } catch {
        authorizer?.stop(within: .zero)
        throw error
      }
      try await answering.value
      await site.end(within: .seconds(5))
      return ExitStatus.success
    } catch {
      log.critical("server.failed", metadata: ["reason": "\(error)"])
      await site.end(within: .zero)
      return ExitStatus.unavailable
    }
  }

  /// Answers authorizers' questions on a socket of its own; nil if there is none.
  private func authorizer(of site: ActiveSite, _ listen: ListenSettings) throws(FastCGIFailure) -> FastCGIServer? {
    guard let address = listen.authorizerAddress else { return nil }
    return FastCGIServer(
      socket: try ListeningSocket(address, mode: listen.socketMode, group: listen.socketGroup), limits: limits(listen),
      responder: AuthorizerOnly(site: site), overloaded: { site.overloaded($0) },
      report: { ServerLog.record($0, in: site.current.log) })
  }

  private func limits(_ listen: ListenSettings) -> ServerLimits {
    // Connections that are kept for a next request, or were just opened, come on top of those with a request in flight.
    ServerLimits(requestsInFlight: listen.requestsInFlight, connections: listen.requestsInFlight + 2_000)
  }

  /// A request in flight holds two descriptors: the web server's and the provider's.
  private func warnOfDescriptors(_ listen: ListenSettings, _ log: Logger) {
    let wanted = 2 * listen.requestsInFlight + 2_000
    let most = ProcessLimits.openFiles
    guard most < wanted else { return }
    log.warning("server.few_descriptors", metadata: ["limit": "\(most)", "wanted": "\(wanted)"])
  }

  /// Requests continue in the meantime, and nothing blocks a thread that they may need.
  private func reload(_ site: ActiveSite, _ listen: ListenSettings) async {
    // Each of them may have a thread, connections and a store of its own.
    await site.waitForFormer(atMost: Self.mostFormer)
    let new: SiteVersion
    let isElsewhere: Bool
    do {
      // The environment is that of the start; the file and the secrets in files are read anew.
      let (settings, listenNow) = try await Execution.threads.blocking {
        Result {
          let source = SettingsSource.ofThisProcess()
          let settings = try Settings(source)
          var reader = SettingsReader(source)
          return (settings, ListenSettings(&reader))
        }
      }.get()
      isElsewhere = listenNow != listen
      let log = Log.logger(level: settings.process.logLevel)
      let context: SiteContext
      if let former = site.current.context {
        context = try await former.followed(by: settings, log: log)
      } else {
        context = try await Execution.threads.blocking {
          Result { try SiteContext.first(settings, openStore: openStore, log: log) }
        }.get()
      }
      new = SiteVersion(context, log: log)
    } catch {
      Self.tell(error)
      site.current.log.error("settings.kept")
      return
    }
    guard site.replace(with: new) else {
      await new.context?.end(within: .zero)
      return
    }
    new.log.notice("settings.reloaded")
    if isElsewhere {
      new.log.warning(
        "settings.need_restart", metadata: ["reason": "where and how much to listen is read at the start"])
    }
  }

  /// How many sites that were replaced may be left when there is to be another.
  private static let mostFormer = 32

  /// Logs what is wrong with the settings.
  private static func tell(_ error: any Error) {
    let log = Log.logger(level: .info)
    var text = "\(error)"
    if let failure = error as? StoreFailure {
      text = "\(SettingName.store.rawValue): cannot be used (\(failure.code)): \(failure.detail)"
    }
    for line in text.split(separator: "\n") {
      log.critical("settings.wrong", metadata: ["problem": "\(line)"])
    }
  }

  /// The site for the settings; nil if they are wrong, and then the log has everything that is wrong.
  ///
  /// - Parameters: as in `SiteContext.first`.
  static func opened(
    _ source: SettingsSource, scriptName: String? = nil, execution: Execution = .threads,
    opening: ReconnectingStore.Opening = .atOnce, openStore: @escaping OpenStore,
    secureAnswer: (@Sendable (_ certificates: Int) -> Void)? = nil, leave: (@Sendable (String) throws -> Void)? = nil,
    leaveMessages: (@Sendable (Logger) -> Void)? = nil
  ) -> SiteVersion? {
    do {
      let settings = try Settings(source)
      let log = Log.logger(level: settings.process.logLevel)
      // Not for every page that a CGI program merely shows.
      if source.environment["REQUEST_METHOD"] ?? "POST" == "POST" {
        let (store, admitted) = (settings.process.store, settings.site.admitted)
        warn(of: Settings.doubtsAboutLocations(source, store: store, admitted: admitted), log)
        for doubt in SiteSettings.doubtsAboutGate(settings.site, at: SiteContext.wallClock()) {
          log.warning("gate.doubtful", metadata: ["problem": "\(doubt)"])
        }
      }
      var leaveLogged: (@Sendable () -> Void)?
      if let leaveMessages { leaveLogged = { leaveMessages(log) } }
      return SiteVersion(
        try SiteContext.first(
          settings, execution: execution, opening: opening, openStore: openStore, scriptName: scriptName,
          secureAnswer: secureAnswer, leave: leave, leaveMessages: leaveLogged, log: log),
        log: log)
    } catch {
      Self.tell(error)
      return nil
    }
  }

  private static func warn(of doubts: [Settings.Doubt], _ log: Logger) {
    for doubt in doubts where doubt.isCertain {
      log.warning("settings.exposed", metadata: ["problem": "\(doubt.problem)"])
    }
  }
}
