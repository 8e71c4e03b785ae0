internal import Curl
internal import Flow
internal import Limits
internal import Logging
internal import Tokens
internal import Verification
internal import VonageV1

/// All that an owner decides about a site, checked: it exists only when nothing is wrong with it.
struct Settings: Sendable {
  let site: SiteSettings
  let brand: Brand
  let keyring: Keyring
  /// In the owner's brand.
  let pages: Pages
  let vonage: VonageSettings
  let client: Configuration
  /// The countries that are served, as the numbering plan knows them.
  let plan: any NumberingPlan
  let limits: LimitsPolicy
  let store: StorePlace
  let alerts: AlertSettings
  let logLevel: Logger.Level

  /// - Throws: everything that is wrong, at once.
  init(_ source: SettingsSource) throws(SettingsProblems) {
    var reader = SettingsReader(source)
    let vonage = Self.vonage(&reader)
    let site = Self.site(&reader)
    let brand = Self.brand(&reader)
    let keyring = Self.keyring(&reader)
    let pages = Self.pages(&reader, brand: brand)
    Self.checkStaticFiles(&reader)
    // Read by itself too, where it is used: it must be right here, so that `check-config` tells of it.
    let listen = ListenSettings(&reader)
    let alerts = AlertSettings(&reader)
    client = Self.client(
      &reader, connections: listen.requestsInFlight,
      isSecure: vonage?.url.isSecure ?? true || alerts.webhook?.url.isSecure ?? false)
    let plan = Self.plan(&reader)
    limits = Self.limits(&reader, apiTimeout: client.timeout)
    let store = StorePlace(&reader)
    Self.checkPlaces(&reader, store: store)
    self.alerts = alerts
    logLevel = Self.logLevel(&reader)
    guard reader.problems.isEmpty, let site, let brand, let keyring, let vonage, let plan, let store, let pages else {
      throw SettingsProblems(all: reader.problems)
    }
    self.site = site
    self.brand = brand
    self.keyring = keyring
    self.pages = pages
    self.vonage = vonage
    self.plan = plan
    self.store = store
  }
}
