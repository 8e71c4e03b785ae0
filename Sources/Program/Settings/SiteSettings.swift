internal import Flow
internal import Gate
internal import Limits
internal import Pages
internal import Tokens
internal import Verification

/// What an owner decides about one site, checked.
struct SiteSettings: Sendable {
  /// What tells the site from others with the same keys and the same store: part of every key that is derived and of every
  /// counter's name. What the brand is called is nothing to it.
  let identity: String
  /// What alerts call the site.
  let name: String
  /// What pages call the site, and how they look.
  let brand: Brand
  /// In the owner's brand.
  let pages: Pages
  let flow: FlowSettings
  let keyring: Keyring
  /// The countries that are served, as the numbering plan knows them.
  let plan: any NumberingPlan
  let admitted: AdmittedSettings
  let limits: LimitsPolicy
  let provider: ProviderSettings
  /// Nil when it is off.
  let gate: GateSettings?
  /// The third party that is asked about strangers under attack; nil where none is.
  let widget: WidgetSettings?
  /// Nil where nobody wants to be told of successes.
  let webhook: WebhookSettings?

  /// - Parameter provider: nil where something is wrong with it, which was complained of.
  /// - Returns: nil with a problem in the reader when something is wrong.
  init?(_ reader: inout SettingsReader, provider: ProviderSettings?) {
    let identity = Self.identity(&reader)
    var flow = Self.flow(&reader, identity: identity)
    let challenge = Self.challenge(&reader)
    flow.challenge = challenge.flow
    widget = challenge.widget
    let brand = Self.brand(&reader)
    let keyring = Self.keyring(&reader)
    let gate = Self.gate(&reader, identity: identity)
    let plan = Self.plan(&reader)
    let pages = Self.pages(
      &reader, brand: brand, remembersFor: gate?.rememberedLife, country: plan?.countries.home,
      widget: challenge.widget?.shown)
    var limits = Self.limits(&reader, countries: plan?.countries.allowed.count ?? 1)
    limits.challenge = challenge.flow != nil
    self.limits = limits
    admitted = AdmittedSettings(&reader)
    self.gate = gate
    webhook = WebhookSettings(&reader, isGateOn: gate != nil)
    if flow.givesReturnTokens, gate == nil {
      reader.complain(.returnToken, "needs \(SettingName.gate.rawValue)=on")
    }
    guard let brand, let keyring, let pages, let plan, let provider else { return nil }
    self.identity = identity
    name = reader.optional(.site) ?? brand.name
    self.brand = brand
    self.pages = pages
    self.flow = flow
    self.keyring = keyring
    self.plan = plan
    self.provider = provider
  }

  /// Reads the first form and the style sheet, if the site has its own.
  func files() throws(StaticFilesFailure) -> StaticFiles { try StaticFiles(in: flow.staticFolder, pages: pages) }
}
