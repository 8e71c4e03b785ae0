internal import Curl
internal import Flow
internal import Gate
internal import Gateway
internal import Glibc
internal import Limits
internal import Logging
internal import Pages
internal import Threads
internal import Tokens
internal import Verification

/// One site and what belongs to it, put together from its settings and what its process has: the one place where that
/// happens.
struct SiteContext: Sendable {
  let flow: Flow
  let responder: any Responder
  /// What answers requests that are too many.
  let overloaded: @Sendable (Gateway.Request) -> Response
  let alerts: Alerts
  /// What tells of successes, in a process that lives on; nil in others, and where nobody is told.
  private let courier: WebhookCourier?
  let process: ProcessContext
  /// Looks at the file of users or numbers; nil where there is none, and in a process that is over before it changes.
  private let watch: Task<Void, Never>?

  /// The first site of a process.
  ///
  /// What can fail because of the settings is done before the store is opened: where this throws, none is open.
  ///
  /// - Parameters: as `init` and `ProcessContext` have them.
  /// - Throws: `StaticFilesFailure` for files that went away since the settings were read, and `CurlFailure`.
  static func first(
    _ settings: Settings, execution: Execution = .threads, opening: ReconnectingStore.Opening = .atOnce,
    openStore: @escaping OpenStore = StoreLocation.usualOpening, scriptName: String? = nil,
    secureAnswer: (@Sendable (_ certificates: Int) -> Void)? = nil, leave: (@Sendable (String) throws -> Void)? = nil,
    leaveMessages: (@Sendable () -> Void)? = nil, log: Logger
  ) throws -> SiteContext {
    let files = try settings.site.files()
    let process = try ProcessContext(
      settings.process, execution: execution, opening: opening, openStore: openStore, log: log)
    return SiteContext(
      settings.site, files, in: process, scriptName: scriptName, secureAnswer: secureAnswer, leave: leave,
      leaveMessages: leaveMessages, log: log)
  }

  /// - Parameters:
  ///   - files: the site's static files.
  ///   - process: is this site's from now on, which gives it back.
  ///   - scriptName: the program's file name in the URL, when it runs as a CGI program.
  ///   - secureAnswer: as `Flow` has it; gets the size of the file with the provider's authorities.
  ///   - leave: for a process that answers one request: leaves what cannot be done yet to another one.
  ///   - leaveMessages: for the same: has another one tell of what waits in the outbox.
  private init(
    _ settings: SiteSettings, _ files: StaticFiles, in process: ProcessContext, scriptName: String? = nil,
    secureAnswer: (@Sendable (_ certificates: Int) -> Void)? = nil, leave: (@Sendable (String) throws -> Void)? = nil,
    leaveMessages: (@Sendable () -> Void)? = nil, log: Logger
  ) {
    let alerts = Alerts(
      process.settings.alerts, site: settings.name, client: process.client, log: log, execution: process.execution)
    let certificates = process.settings.client.certificates?.size ?? 0
    let execution = process.execution
    let sleep: @Sendable (Duration) async -> Void = { await execution.sleep(for: $0) }
    var flowSettings = settings.flow
    flowSettings.scriptName = scriptName
    let file = AdmittedFile(settings.admitted, log: log)
    flowSettings.admitted = settings.admitted.admitted(by: file)
    let gate = settings.gate.map {
      Gate(
        $0, keyring: settings.keyring, site: settings.identity, prefix: settings.flow.prefix,
        admitted: flowSettings.admitted, tell: GateLog(log).tell)
    }
    let courier =
      leaveMessages == nil ? settings.webhook.map { Self.courier($0, settings, process, alerts, log: log) } : nil
    let widget = settings.widget.map { WidgetClient($0, client: process.client) }
    var askWidget: (@Sendable (String) async -> WidgetFinding)?
    if let widget { askWidget = { response in await widget.finding(response) } }
    let tellOfSuccess: (@Sendable () -> Void)? =
      settings.webhook == nil ? nil : leaveMessages ?? { courier?.wake() }
    flow = Flow(
      settings: flowSettings, verifier: settings.provider.verifier(client: process.client, sleep: sleep),
      plan: settings.plan,
      limiter: Limiter(
        store: process.store, policy: settings.limits.waiting(forAnswersWithin: process.client.timeout),
        notify: { alerts.tell($0) }),
      keyring: settings.keyring, gate: gate,
      askWidget: askWidget, log: log, clock: Self.wallClock, sleep: sleep,
      secureAnswer: { secureAnswer?(certificates) }, leave: leave, tellOfSuccess: tellOfSuccess)
    let site = PageResponder(flow, pages: settings.pages, files: files, settings: flowSettings)
    responder = gate.map { GatedSite(gate: $0, site: site, clock: Self.wallClock) } ?? site
    overloaded = { site.overloaded($0) }
    self.alerts = alerts
    self.courier = courier
    self.process = process
    if let file, case .threads = execution { watch = Task { await file.watch() } } else { watch = nil }
    if let courier { execution.task { await courier.run() } }
  }

  /// What tells of successes.
  static func courier(
    _ webhook: WebhookSettings, _ settings: SiteSettings, _ process: ProcessContext, _ alerts: Alerts, log: Logger
  ) -> WebhookCourier {
    let hook = Webhook(settings: webhook, client: process.client)
    return WebhookCourier(
      process.store, outbox: CounterKeys(settings.keyring, site: settings.identity).outbox, log: log,
      execution: process.execution, tellOfOverflow: { alerts.tell(overflow: $0) }, deliver: { await hook.deliver($0) })
  }

  /// The site as other settings want it, after this one, from which it has the client and the store where those stay the
  /// same. The store is then opened anew if it has to be (`ReconnectingStore.renew`).
  ///
  /// - Throws: `StoreFailure` for another store that cannot be used, and what `first` throws. Then nothing has changed.
  func followed(by settings: Settings, log: Logger) async throws -> SiteContext {
    let files = try await Execution.threads.blocking { Result { try settings.site.files() } }.get()
    let next = try await process.followed(by: settings.process, log: log)
    let context = await Execution.threads.blocking { SiteContext(settings.site, files, in: next, log: log) }
    if process.isInPlace(settings.process) { await next.store.renew(log: log) }
    return context
  }

  /// Lets another site do from now on what no request waits for.
  func retire(for successor: SiteContext?) {
    courier?.retire(for: successor?.courier)
  }

  /// Ends what it has at work, once its requests are over: alerts get so long. May be called more than once.
  /// What another site has too goes on.
  ///
  /// A request that was cut off, and that fails because the client ends, may want its reservation released, and finds the
  /// store closed: it stays counted. That is too much counted, never too little.
  func end(within time: Duration) async {
    await settle(within: time)
    await process.giveClientBack()
  }

  /// Closes the store, then lets alerts have so long, which need the client only: whoever has no patience with this
  /// process can kill it while it waits for them, and leaves nothing in the store to be recovered.
  ///
  /// Only what tells of successes has a moment before, to say what it has told: else it would be told again.
  func settle(within time: Duration) async {
    watch?.cancel()
    await courier?.finish(within: min(time, .seconds(2)))
    await process.giveStoreBack()
    await alerts.finish(within: time)
  }

  /// Does all that can fail because of the settings, and opens no store: that may be another user's.
  static func check(_ settings: Settings) throws {
    try Client(settings.process.client).close()
    if let folder = settings.site.flow.staticFolder { try StaticFolder.check(folder) }
  }

  /// What ends the requests that a CGI program has left: it asks the provider, and needs nothing else of a site.
  static func canceller(_ settings: Settings, log: Logger, execution: Execution) throws -> Canceller {
    let client = try Client(settings.process.client, execution: execution)
    return Canceller(
      verifier: settings.site.provider.verifier(client: client, sleep: { await execution.sleep(for: $0) }),
      keyring: settings.site.keyring, site: settings.site.identity, log: log, clock: wallClock,
      sleep: { await DetachedCancel.sleep($0, execution) })
  }

  @Sendable static func wallClock() -> Timestamp {
    Timestamp(secondsSinceEpoch: Int64(time(nil)))
  }
}
