internal import Curl
internal import Logging
internal import Site
internal import Vonage

/// All that an owner decides about a site, checked: it exists only when nothing is wrong with it.
struct Settings: Sendable {
  let site: SiteSettings
  let brand: Brand
  let keyring: Keyring
  /// The folder with edited templates; nil for those of the program.
  let pagesFolder: String?
  let vonage: VonageSettings
  let client: Configuration
  let logLevel: Logger.Level

  /// - Throws: everything that is wrong, at once.
  init(_ source: SettingsSource) throws(SettingsProblems) {
    var reader = SettingsReader(source)
    let vonage = Self.vonage(&reader)
    let site = Self.site(&reader, pinLifetime: vonage?.pinLifetime ?? .zero)
    let brand = Self.brand(&reader)
    let keyring = Self.keyring(&reader)
    pagesFolder = reader.optional(.pages)
    // Read by itself too, where it is used: it must be right here, so that `check-config` tells of it.
    let listen = ListenSettings(&reader)
    client = Self.client(
      &reader, connections: listen.requestsInFlight, isSecure: vonage?.url.isSecure ?? true)
    logLevel = Self.logLevel(&reader)
    guard reader.problems.isEmpty, let site, let brand, let keyring, let vonage else {
      throw SettingsProblems(all: reader.problems)
    }
    self.site = site
    self.brand = brand
    self.keyring = keyring
    self.vonage = vonage
  }
}
