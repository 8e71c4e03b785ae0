package import Gateway

extension Program {
  /// A site as these settings want it, which is called and not connected to.
  ///
  /// - Parameter environment: the settings; no file is looked for.
  /// - Throws: everything that is wrong with them, at once, and what keeps its parts from being made.
  package static func site(_ environment: [String: String]) throws -> any Responder {
    let settings = try Settings(SettingsSource(environment: environment))
    let log = Log.logger(level: settings.process.logLevel)
    return try SiteContext.first(settings, log: log).responder
  }

  /// A new secret key, for `PINGATE_KEY`.
  package static func newKey() -> String { KeyText.random() }
}
