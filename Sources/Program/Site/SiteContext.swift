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

/// One site and what belongs to it, assembled from its settings and its process's parts. This is the only place where that
/// happens.
struct SiteContext: Sendable {
  let flow: Flow
  let responder: any Responder
  /// Answers requests beyond the most that may be in flight.
  let overloaded: @Sendable (Gateway.Request) -> Response
  let alerts: Alerts
  /// Delivers the webhook's events, in a service; nil in other processes, and without a webhook.
  private let courier: WebhookCourier?
  let process: ProcessContext
  /// Watches the file of users or numbers; nil if there is none, and in a process that ends before it changes.
  private let watch: Task<Void, Never>?

  /// The first site of a process.
  ///
  /// Whatever can fail because of the settings is done before the store is opened: if this throws, no store is open.
  ///
  /// - Parameters: as in `init` and `ProcessContext`.
  /// - Throws: `StaticFilesFailure` for files that have vanished since the settings were read, and `CurlFailure`.
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
  ///   - process: belongs to this site from now on, which gives it back.
  ///   - scriptName: the program's file name in the URL, if it runs as a CGI program.
  ///   - secureAnswer: as in `Flow`; gets the size of the file with the certificate authorities, in bytes.
  ///   - leave: for a process that answers one request: leaves what cannot be done yet to another process.
  ///   - leaveMessages: likewise: has another process deliver what is in the outbox.
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
        admitted: flowSettings.admitted, words: { [pages = settings.pages] in pages.gateWords }, tell: GateLog(log).tell
      )
    }
    let courier =
      leaveMessages == nil ? settings.webhook.map { Self.courier($0, settings, process, alerts, log: log) } : nil
    let widget = settings.widget.map { widget in
      let client = WidgetClient(widget, client: process.client)
      return WidgetCheck(store: process.store) { await client.finding($0) }
    }
    let tellOfSuccess: (@Sendable () -> Void)? =
      settings.webhook == nil ? nil : leaveMessages ?? { courier?.wake() }
    flow = Flow(
      settings: flowSettings, verifier: settings.provider.verifier(client: process.client, sleep: sleep),
      plan: settings.plan,
      limiter: Limiter(
        store: process.store, policy: settings.limits.waiting(forAnswersWithin: process.client.timeout),
        notify: { alerts.tell($0) }),
      keyring: settings.keyring, gate: gate,
      widget: widget, log: log, clock: Self.wallClock, sleep: sleep,
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

  /// Makes the courier for the webhook's events.
  static func courier(
    _ webhook: WebhookSettings, _ settings: SiteSettings, _ process: ProcessContext, _ alerts: Alerts, log: Logger
  ) -> WebhookCourier {
    let hook = Webhook(settings: webhook, client: process.client)
    return WebhookCourier(
      process.store, outbox: CounterKeys(settings.keyring, site: settings.identity).outbox, log: log,
      execution: process.execution, tellOfOverflow: { alerts.tell(overflow: $0) }, deliver: { await hook.deliver($0) })
  }

  /// The site that follows this one, with other settings. It shares this one's client and store if those stay the same; the store
  /// is then reopened if necessary (`ReconnectingStore.renew`).
  ///
  /// - Throws: `StoreFailure` if a new store cannot be used, and what `first` throws. Then nothing has changed.
  func followed(by settings: Settings, log: Logger) async throws -> SiteContext {
    let files = try await Execution.threads.blocking { Result { try settings.site.files() } }.get()
    let next = try await process.followed(by: settings.process, log: log)
    let context = await Execution.threads.blocking { SiteContext(settings.site, files, in: next, log: log) }
    if process.isInPlace(settings.process) { await next.store.renew(log: log) }
    return context
  }

  /// Hands the work that no request waits for to another site.
  func retire(for successor: SiteContext?) {
    courier?.retire(for: successor?.courier)
  }

  /// Ends what is still at work, once all requests have ended: alerts get this much time. May be called more than once. What
  /// another site shares goes on.
  ///
  /// A request that was cut off, and that fails because the client ends, may want its reservation released but finds the store
  /// closed: then it stays counted. That counts too much, never too little.
  func end(within time: Duration) async {
    await settle(within: time)
    await process.giveClientBack()
  }

  /// Closes the store, then gives alerts this much time; they need only the client. Whoever cannot wait can kill the process
  /// while it waits for them, and leaves nothing in the store to be recovered.
  ///
  /// Only the courier has a moment first, to record what it has delivered: otherwise it would be delivered again.
  func settle(within time: Duration) async {
    watch?.cancel()
    await courier?.finish(within: min(time, .seconds(2)))
    await process.giveStoreBack()
    await alerts.finish(within: time)
  }

  /// Does everything that can fail because of the settings, except opening the store: that may belong to another user.
  static func check(_ settings: Settings) throws {
    try Client(settings.process.client).close()
    if let folder = settings.site.flow.staticFolder { try StaticFolder.check(folder) }
  }

  /// Ends the requests that a CGI program has left: it asks the provider, and needs nothing else from a site.
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
