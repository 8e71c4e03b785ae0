internal import Curl
internal import Dispatch
internal import Gateway
internal import Glibc
internal import Logging
internal import Site
internal import Verification
internal import Vonage

/// The parts of a site, put together: the one place where that happens.
struct Assembly: Sendable {
  let site: Site
  let alerts: Alerts
  /// Where it counts.
  let place: StorePlace
  let store: ReopenedStore
  private let client: Client

  /// The site as the settings want it, with its own client to the provider.
  ///
  /// - Parameters:
  ///   - opening: when the store is opened.
  ///   - leave: for a process that answers one request: leaves what cannot be done yet to another one.
  ///   - scriptName: the program's file name in the URL, when it runs as a CGI program.
  ///   - former: the parts that were at work before; the store is taken over from them where the place is the same and
  ///     the store is not over.
  /// - Throws: `CurlFailure`; `StaticFilesFailure` for files that went away since the settings were read.
  init(
    _ settings: Settings, scriptName: String?, opening: ReopenedStore.Opening = .atOnce,
    leave: (@Sendable (String) throws -> Void)? = nil, replacing former: Assembly? = nil, log: Logger
  ) throws {
    client = try Client(settings.client)
    let alerts = Alerts(settings.alerts, site: settings.site.identity, client: client, log: log)
    if let former, former.place == settings.store, !former.store.mustBeReopened {
      store = former.store
    } else {
      store = settings.store.reopened(log: log, opening: opening)
    }
    place = settings.store
    self.alerts = alerts
    site = try Self.site(
      settings, scriptName: scriptName, client: client, store: store, notify: { alerts.tell($0) },
      log: log, leave: leave)
  }

  /// Ends what it has at work, once its requests are over: alerts get so long. May be called more than once.
  ///
  /// A request that was cut off, and that fails because the client ends, may want its charge given back, and finds the
  /// store closed: it stays charged. That is too much counted, never too little.
  ///
  /// - Parameter keepsStore: whether the store is at work for others.
  func end(within time: Duration, keepsStore: Bool = false) async {
    if keepsStore {
      await alerts.finish(within: time)
    } else {
      await settle(within: time)
    }
    await withCheckedContinuation { caller in
      // It waits for a thread.
      DispatchQueue(label: "Assembly.close").async { [client] in
        client.close()
        caller.resume()
      }
    }
  }

  /// Closes the store, then lets alerts have so long, which need the client only: whoever has no patience with this
  /// process can kill it while it waits for them, and leaves nothing in the store to be recovered.
  func settle(within time: Duration) async {
    await store.close()
    await alerts.finish(within: time)
  }

  /// Does all that can fail because of the settings, and opens no store: that may be another user's.
  static func check(_ settings: Settings, log: Logger) throws {
    _ = try site(
      settings, scriptName: nil, client: try Client(settings.client),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log)
  }

  /// A site for what a CGI program has left: it asks the provider, and never the store.
  static func siteThatEndsRequests(_ settings: Settings, log: Logger) throws -> Site {
    try site(
      settings, scriptName: nil, client: try Client(settings.client),
      store: ClosedStore(StoreFailure(.unavailable, "not opened")), notify: { _ in }, log: log,
      pause: LeftRequest.pause)
  }

  private static func site(
    _ settings: Settings, scriptName: String?, client: Client, store: any CounterStore,
    notify: @escaping @Sendable (LimitNotice) -> Void, log: Logger,
    pause: @escaping @Sendable (Duration) async -> Void = Site.sleep, leave: (@Sendable (String) throws -> Void)? = nil
  ) throws -> Site {
    var site = settings.site
    site.scriptName = scriptName
    return try Site(
      settings: site, verifier: VonageVerifier(settings.vonage, client: client), plan: settings.plan,
      limiter: Limiter(
        store: store, policy: settings.limits, keys: CounterKeys(settings.keyring, site: site.identity),
        notify: notify),
      keyring: settings.keyring, pages: settings.pages, log: log, clock: wallClock,
      pause: pause, leave: leave)
  }

  /// The site of a program whose settings are wrong.
  static func closedSite(log: Logger) -> ClosedSite {
    ClosedSite(pages: Pages(brand: Brand()), log: log)
  }

  @Sendable private static func wallClock() -> Timestamp {
    Timestamp(secondsSinceEpoch: Int64(time(nil)))
  }
}
