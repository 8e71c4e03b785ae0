internal import Flow
internal import Gate
internal import Limits
internal import Pages
internal import Tokens
internal import Verification

/// The checked settings of one site.
struct SiteSettings: Sendable {
  /// The name that tells the site apart from others with the same keys and store. It goes into every derived key and every
  /// counter's name, and does not depend on the brand.
  let identity: String
  /// The site's name in alerts.
  let name: String
  /// The site's name on the pages, and their look.
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
  /// Nil if the gate is off.
  let gate: GateSettings?
  /// The third party that is asked about strangers under attack; nil if there is none.
  let widget: WidgetSettings?
  /// Nil if nobody is told about successes.
  let webhook: WebhookSettings?

  /// - Parameter provider: nil if something is wrong with it, which was reported.
  /// - Returns: nil, with a problem in the reader, if something is wrong.
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
