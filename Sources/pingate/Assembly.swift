internal import Curl
internal import Gateway
internal import Glibc
internal import Logging
internal import Site
internal import Verification
internal import Vonage

/// The one place where the parts are put together.
enum Assembly {
  /// The site as the settings want it, with its own client to the provider.
  ///
  /// - Parameter scriptName: the program's file name in the URL, when it runs as a CGI program.
  /// - Throws: `PagesFailure`, `StaticFilesFailure` or `CurlFailure`.
  static func site(of settings: Settings, scriptName: String?, log: Logger) throws -> Site {
    var site = settings.site
    site.scriptName = scriptName
    return try Site(
      settings: site, verifier: VonageVerifier(settings.vonage, client: try Client(settings.client)),
      keyring: settings.keyring, pages: try Pages(brand: settings.brand, overrides: settings.pagesFolder), log: log,
      clock: wallClock)
  }

  /// The site of a program whose settings are wrong.
  static func closedSite(log: Logger) -> ClosedSite {
    ClosedSite(pages: Pages(brand: Brand()), log: log)
  }

  @Sendable private static func wallClock() -> Timestamp {
    Timestamp(secondsSinceEpoch: Int64(time(nil)))
  }
}
