internal import Curl
internal import Flow
internal import Gateway
internal import Glibc
internal import Limits
internal import Logging
internal import Threads
internal import Tokens
internal import Verification

/// One site and what belongs to it, put together from its settings and what its process has: the one place where that
/// happens.
struct SiteContext: Sendable {
  let site: Site
  let alerts: Alerts
  let process: ProcessContext

  /// - Parameters:
  ///   - process: is this site's from now on, which gives it back.
  ///   - scriptName: the program's file name in the URL, when it runs as a CGI program.
  ///   - secureAnswer: as `Site` has it; gets the size of the file with the provider's authorities.
  ///   - leave: for a process that answers one request: leaves what cannot be done yet to another one.
  /// - Throws: `StaticFilesFailure` for files that went away since the settings were read.
  init(
    _ settings: SiteSettings, in process: ProcessContext, scriptName: String? = nil,
    secureAnswer: (@Sendable (_ certificates: Int) -> Void)? = nil, leave: (@Sendable (String) throws -> Void)? = nil,
    log: Logger
  ) throws {
    let alerts = Alerts(
      process.settings.alerts, site: settings.identity, client: process.client, log: log, execution: process.execution)
    let certificates = process.settings.client.certificates?.size ?? 0
    site = try Self.site(
      settings, scriptName: scriptName, client: process.client, store: process.store, notify: { alerts.tell($0) },
      log: log, execution: process.execution, secureAnswer: { secureAnswer?(certificates) }, leave: leave)
    self.alerts = alerts
    self.process = process
  }

  /// The site as other settings want it, after this one, from which it has the client and the store where those stay the
  /// same. The store is then opened anew if it has to be (`ReconnectingStore.renew`).
  ///
  /// - Throws: `StoreFailure` for another store that cannot be used, and what `init` throws. Then nothing has changed.
  func followed(by settings: Settings, log: Logger) async throws -> SiteContext {
    let next = try await process.followed(by: settings.process, log: log)
    do {
      let context = try await Execution.threads.blocking {
        Result { try SiteContext(settings.site, in: next, log: log) }
      }.get()
      if process.isInPlace(settings.process) { await next.store.renew(log: log) }
      return context
    } catch {
      await next.giveStoreBack()
      await next.giveClientBack()
      throw error
    }
  }

  /// Ends what it has at work, once its requests are over: alerts get so long. May be called more than once.
  /// What another site has too goes on.
  ///
  /// A request that was cut off, and that fails because the client ends, may want its charge given back, and finds the
  /// store closed: it stays charged. That is too much counted, never too little.
  func end(within time: Duration) async {
    await settle(within: time)
    await process.giveClientBack()
  }

  /// Closes the store, then lets alerts have so long, which need the client only: whoever has no patience with this
  /// process can kill it while it waits for them, and leaves nothing in the store to be recovered.
  func settle(within time: Duration) async {
    await process.giveStoreBack()
    await alerts.finish(within: time)
  }

  /// Does all that can fail because of the settings, and opens no store: that may be another user's.
  static func check(_ settings: Settings, log: Logger) throws {
    _ = try site(
      settings.site, client: try Client(settings.process.client),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log)
  }

  /// A site for what a CGI program has left: it asks the provider, and never the store.
  static func siteThatEndsRequests(_ settings: Settings, log: Logger, execution: Execution) throws -> Site {
    try site(
      settings.site, client: try Client(settings.process.client, execution: execution),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log, execution: execution,
      pause: { await DetachedCancel.pause($0, execution) })
  }

  private static func site(
    _ settings: SiteSettings, scriptName: String? = nil, client: Client, store: any CounterStore,
    notify: @escaping @Sendable (LimitNotice) -> Void, log: Logger, execution: Execution = .threads,
    pause: (@Sendable (Duration) async -> Void)? = nil, secureAnswer: @escaping @Sendable () -> Void = {},
    leave: (@Sendable (String) throws -> Void)? = nil
  ) throws -> Site {
    let sleep: @Sendable (Duration) async -> Void = { await execution.sleep(for: $0) }
    var flow = settings.flow
    flow.scriptName = scriptName
    return try Site(
      settings: flow, verifier: settings.provider.verifier(client: client, sleep: sleep), plan: settings.plan,
      limiter: Limiter(
        store: store, policy: settings.limits.waiting(forAnswersWithin: client.timeout),
        keys: CounterKeys(settings.keyring, site: settings.identity), notify: notify),
      keyring: settings.keyring, pages: settings.pages, log: log, clock: wallClock, pause: pause ?? sleep,
      secureAnswer: secureAnswer, leave: leave)
  }

  @Sendable private static func wallClock() -> Timestamp {
    Timestamp(secondsSinceEpoch: Int64(time(nil)))
  }
}
