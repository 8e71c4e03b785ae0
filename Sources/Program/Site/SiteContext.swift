internal import Curl
internal import Flow
internal import Gateway
internal import Glibc
internal import Limits
internal import Logging
internal import Threads
internal import Tokens
internal import Verification
internal import VonageV1

/// The parts of a site, put together: the one place where that happens.
struct SiteContext: Sendable {
  let site: Site
  let alerts: Alerts
  /// Where it counts.
  private let place: StorePlace
  private let sharedStore: Shared<ReconnectingStore>
  private let sharedClient: Shared<ProviderClient>

  var store: ReconnectingStore { sharedStore.part }
  var client: Client { sharedClient.part.client }
  private let execution: Execution

  /// The site as the settings want it, with its own client to the provider.
  ///
  /// - Parameters:
  ///   - execution: where all of them do their work.
  ///   - opening: when the store is opened.
  ///   - secureAnswer: as `Site` has it; gets the size of the file with the provider's authorities.
  ///   - leave: for a process that answers one request: leaves what cannot be done yet to another one.
  ///   - scriptName: the program's file name in the URL, when it runs as a CGI program.
  /// - Throws: `CurlFailure`; `StaticFilesFailure` for files that went away since the settings were read.
  init(
    _ settings: Settings, scriptName: String?, execution: Execution = .threads,
    opening: ReconnectingStore.Opening = .atOnce, secureAnswer: (@Sendable (_ certificates: Int) -> Void)? = nil,
    leave: (@Sendable (String) throws -> Void)? = nil, log: Logger
  ) throws {
    try self.init(
      settings, scriptName: scriptName, execution: execution,
      client: Shared(ProviderClient(settings.client, execution: execution)),
      store: Shared(settings.store.reconnecting(log: log, opening: opening, execution: execution)),
      secureAnswer: secureAnswer, leave: leave, log: log)
  }

  private init(
    _ settings: Settings, scriptName: String?, execution: Execution, client: Shared<ProviderClient>,
    store: Shared<ReconnectingStore>, secureAnswer: (@Sendable (_ certificates: Int) -> Void)?,
    leave: (@Sendable (String) throws -> Void)?, log: Logger
  ) throws {
    let alerts = Alerts(
      settings.alerts, site: settings.site.identity, client: client.part.client, log: log, execution: execution)
    let certificates = settings.client.certificates?.size ?? 0
    site = try Self.site(
      settings, scriptName: scriptName, client: client.part.client, store: store.part, notify: { alerts.tell($0) },
      log: log, execution: execution, secureAnswer: { secureAnswer?(certificates) }, leave: leave)
    self.execution = execution
    self.alerts = alerts
    place = settings.store
    sharedClient = client
    sharedStore = store
  }

  /// The site as other settings want it, after this one, from which it has the client and the store where those stay the
  /// same. The store is then opened anew if it has to be (`ReconnectingStore.renew`).
  ///
  /// - Throws: `StoreFailure` for another store that cannot be used, and what `init` throws. Then nothing has changed.
  func followed(by settings: Settings, log: Logger) async throws -> SiteContext {
    let staysInPlace = place == settings.store
    let store = try await staysInPlace ? sharedStore.another() : Shared(settings.store.usable(log: log))
    let made = await Execution.threads.blocking { [self] in
      Result {
        let client =
          sharedClient.part.isLike(settings.client)
          ? sharedClient.another() : Shared(try ProviderClient(settings.client))
        do {
          return try SiteContext(
            settings, scriptName: nil, execution: execution, client: client, store: store, secureAnswer: nil,
            leave: nil, log: log)
        } catch {
          if client.giveBack() { client.part.client.close() }
          throw error
        }
      }
    }
    do {
      let context = try made.get()
      if staysInPlace { await context.store.renew(log: log) }
      return context
    } catch {
      if store.giveBack() { await store.part.close() }
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
    guard sharedClient.giveBack() else { return }
    // It waits for a thread.
    await execution.blocking { [client = sharedClient.part.client] in client.close() }
  }

  /// Closes the store, then lets alerts have so long, which need the client only: whoever has no patience with this
  /// process can kill it while it waits for them, and leaves nothing in the store to be recovered.
  func settle(within time: Duration) async {
    if sharedStore.giveBack() { await store.close() }
    await alerts.finish(within: time)
  }

  /// Does all that can fail because of the settings, and opens no store: that may be another user's.
  static func check(_ settings: Settings, log: Logger) throws {
    _ = try site(
      settings, scriptName: nil, client: try Client(settings.client),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log)
  }

  /// A site for what a CGI program has left: it asks the provider, and never the store.
  static func siteThatEndsRequests(_ settings: Settings, log: Logger, execution: Execution) throws -> Site {
    try site(
      settings, scriptName: nil, client: try Client(settings.client, execution: execution),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log, execution: execution,
      pause: { await DetachedCancel.pause($0, execution) })
  }

  private static func site(
    _ settings: Settings, scriptName: String?, client: Client, store: any CounterStore,
    notify: @escaping @Sendable (LimitNotice) -> Void, log: Logger, execution: Execution = .threads,
    pause: (@Sendable (Duration) async -> Void)? = nil, secureAnswer: @escaping @Sendable () -> Void = {},
    leave: (@Sendable (String) throws -> Void)? = nil
  ) throws -> Site {
    let sleep: @Sendable (Duration) async -> Void = { await execution.sleep(for: $0) }
    var site = settings.site
    site.scriptName = scriptName
    return try Site(
      settings: site,
      verifier: VonageVerifier(settings.vonage, client: client, pause: VonageVerifier.shortPause(by: sleep)),
      plan: settings.plan,
      limiter: Limiter(
        store: store, policy: settings.limits, keys: CounterKeys(settings.keyring, site: site.identity),
        notify: notify),
      keyring: settings.keyring, pages: settings.pages, log: log, clock: wallClock,
      pause: pause ?? sleep, secureAnswer: secureAnswer, leave: leave)
  }

  @Sendable private static func wallClock() -> Timestamp {
    Timestamp(secondsSinceEpoch: Int64(time(nil)))
  }
}
