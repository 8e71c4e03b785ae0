internal import Curl
internal import Flow
internal import Glibc
internal import Limits
internal import Logging
internal import Verification
internal import VonageV1

/// Tries out what the settings name, so that a visitor's form works if nothing is found.
struct ConfigurationCheck {
  /// What keeps the site from working, or opens it to others.
  private(set) var problems: [SettingsProblem] = []
  /// What the owner should know, but may want to be so.
  private(set) var warnings: [SettingsProblem] = []
  /// Whether a form works as far as can be known: not where a folder may be one that closes the site, or the web server may
  /// not get to the socket.
  private(set) var isReady = true
  /// What was found in order.
  private(set) var facts: [String] = []

  /// Whether it was root who tried: what keeps others from a file or a socket does not keep root from it.
  let isRoot = geteuid() == 0

  private let settings: Settings
  private let source: SettingsSource

  /// - Parameter isOffline: whether to ask nobody beyond this machine.
  init(_ settings: Settings, _ source: SettingsSource, isOffline: Bool) {
    self.settings = settings
    self.source = source
    let (store, admitted) = (settings.process.store, settings.site.admitted)
    for doubt in Settings.doubtsAboutLocations(source, store: store, admitted: admitted) {
      if doubt.isCertain {
        problems.append(doubt.problem)
      } else {
        warnings.append(doubt.problem)
        isReady = false
      }
    }
    tellIdentity()
    checkWorkflow()
    checkLimits()
    checkSocket()
    checkAlertCommand()
    checkAdmitted()
    warnings += SiteSettings.doubtsAboutGate(settings.site, at: SiteContext.wallClock())
    checkStore(isOffline: isOffline)
    if isRoot {
      facts.append(
        "it was root who tried: whether PinGate's own user may write the store, make the socket and read all files was not "
          + "tried")
    }
    if isOffline {
      facts.append("the network was left out: whether Vonage can be reached, and knows the account, was not tried")
    } else {
      checkProvider()
      checkWidget()
    }
  }

  mutating func complain(_ name: SettingName, _ advice: String) {
    problems.append(SettingsProblem(name: name.rawValue, advice: advice))
  }

  mutating func warn(_ name: SettingName, _ advice: String) {
    warnings.append(SettingsProblem(name: name.rawValue, advice: advice))
  }

  private mutating func tellIdentity() {
    let name = settings.site.identity
    var reader = SettingsReader(source)
    facts.append(
      reader.optional(.site) != nil
        ? "the site's keys and counters belong to \(name), whatever its brand is called"
        : "the site's keys and counters belong to the only site of its key and store; where another one has either, set "
          + "\(SettingName.site.rawValue) for each")
  }

  private mutating func checkWorkflow() {
    let messages = settings.site.provider.messagesOfARequest
    guard messages > 1 else { return }
    warn(
      .workflowID,
      """
      one message that is charged becomes up to \(messages) messages and calls, because Vonage goes on by itself until \
      the PIN is entered. 6 sends one.
      """)
  }

  private mutating func checkLimits() {
    let site = settings.site
    for misfit in site.limits.misfits(countries: site.plan.countries.allowed.count) {
      guard let name = misfit.id.settingName, let other = misfit.other.settingName,
        let count = site.limits.limits[misfit.id]?.count, let most = site.limits.limits[misfit.other]?.count
      else { continue }
      let advice =
        switch misfit.kind {
        case .neverReached: "\(count) can never be reached, because \(other) is \(most)"
        case .undercuts(let sum):
          "\(count) lets no more than \(sum) through, so \(other), which is \(most), can never be reached"
        }
      warnings.append(SettingsProblem(name: name, advice: advice))
    }
  }

  private mutating func checkSocket() {
    // It was read with the rest, so nothing is wrong with it as a text.
    var reader = SettingsReader(source)
    let listen = ListenSettings(&reader)
    guard let check = SocketCheck(listen) else { return }
    for advice in check.problems { complain(.listen, advice) }
    for advice in check.groupProblems { complain(.socketGroup, advice) }
    for advice in check.warnings { warn(.listen, advice) }
    for advice in check.groupWarnings { warn(.socketGroup, advice) }
    if !check.warnings.isEmpty || !check.groupWarnings.isEmpty { isReady = false }
  }

  private mutating func checkAlertCommand() {
    guard let path = settings.process.alerts.command else { return }
    if let advice = ProgramFile.complaint(about: path) { complain(.alertCommand, advice) }
  }

  /// A line that refuses its user is the owner's to mend, before that user stands in front of the gate.
  private mutating func checkAdmitted() {
    guard let check = AdmittedCheck(settings.site) else { return }
    for (name, advice) in check.warnings { warnings.append(SettingsProblem(name: name, advice: advice)) }
    for advice in check.problems { complain(check.name, advice) }
    facts.append(check.fact)
  }

  private mutating func checkStore(isOffline: Bool) {
    if isOffline, case .redis = settings.process.store {
      facts.append("the store \(settings.process.store) was left out")
      return
    }
    let check = StoreCheck(settings.process.store, log: Log.logger(level: .critical))
    if let advice = check.problem {
      complain(.store, advice)
    } else {
      facts.append("the store \(settings.process.store) counts")
    }
  }

  /// A third party that does not answer is not a problem: strangers are then asked for work instead.
  private mutating func checkWidget() {
    guard let widget = settings.site.widget else { return }
    let configuration = settings.process.client
    let finding = Waiting.result { () async -> WidgetFinding in
      do throws(CurlFailure) {
        let client = try Client(configuration)
        defer { client.close() }
        return await WidgetClient(widget, client: client).finding("")
      } catch {
        return .failed(error.kind.rawValue)
      }
    }
    switch finding {
    // Nobody has satisfied it here: a refusal is the answer of one that works.
    case .passed, .refused: facts.append("\(widget.shown.kind.rawValue) answers")
    case .broken(let trouble): warnOfWidget(widget, trouble.reason, trouble.advice)
    case .failed(let reason):
      warnOfWidget(
        widget, reason, "look at \(SettingName.challengeURL.rawValue), and whether this machine can reach it")
    }
  }

  private mutating func warnOfWidget(_ widget: WidgetSettings, _ reason: String, _ advice: String) {
    warn(
      .challenge,
      "\(widget.shown.kind.rawValue) does not say at \(widget.url) whether its widget was satisfied (\(reason)): "
        + "\(advice). Until it does, strangers are asked for work instead.")
  }

  private mutating func checkProvider() {
    let check = ProviderCheck(settings)
    for (name, advice) in check.problems { complain(name, advice) }
    for (name, advice) in check.warnings { warn(name, advice) }
    facts += check.facts
  }
}
