internal import Curl
internal import Logging

/// The checked settings of the process, which all of its sites share.
struct ProcessSettings: Sendable {
  let listen: ListenSettings
  /// The configuration of the client for providers and webhooks.
  let client: Configuration
  let store: StoreLocation
  let alerts: AlertSettings
  let logLevel: Logger.Level

  /// - Parameter usesTLS: whether a provider is asked over TLS, so that certificates are needed.
  /// - Returns: nil, with a problem in the reader, if something cannot be used.
  init?(_ reader: inout SettingsReader, usesTLS: Bool) {
    // It is read separately where it is used; it is read here so that `check-config` reports mistakes in it.
    listen = ListenSettings(&reader)
    alerts = AlertSettings(&reader)
    // Of the site, whose webhook the same client asks.
    let hook = reader.optional(.webhookURL)
    let hooksUseTLS = alerts.webhook?.url.isSecure == true || hook?.hasPrefix("https:") == true
    // And of the site's too, which is complained of there.
    let asks = reader.optional(.challenge).flatMap { ChallengeChoice($0) }
    let challengesUseTLS =
      if case .widget = asks { reader.optional(.challengeURL)?.hasPrefix("http:") != true } else { false }
    client = Self.client(
      &reader, connections: listen.requestsInFlight, usesTLS: usesTLS || hooksUseTLS || challengesUseTLS)
    logLevel = Self.logLevel(&reader)
    guard let store = StoreLocation(&reader) else { return nil }
    self.store = store
  }

  /// - Parameter connections: the most simultaneous connections to providers, one for each request in flight.
  private static func client(_ reader: inout SettingsReader, connections: Int, usesTLS: Bool) -> Configuration {
    var client = Configuration()
    client.userAgent = "PinGate/\(Version.text)"
    client.timeout = .seconds(reader.number(.apiTimeout, in: 1...12, unit: "seconds") ?? 10)
    client.connectTimeout = min(client.connectTimeout, client.timeout)
    client.connections = connections
    client.proxy = reader.optional(.proxy, "the URL of a proxy, like http://proxy.example.com:3128") { ProxyURL($0) }
    let caFile = reader.optional(.caFile)
    guard usesTLS || caFile != nil else { return client }
    do {
      client.certificates = try CertificateFile.find(
        configured: caFile.map { (path: $0, setting: SettingName.caFile.rawValue) }, environment: reader.environment,
        usual: CertificateFile.usual + Executable.certificates)
    } catch {
      reader.complain(.caFile, "\(error)")
    }
    return client
  }

  private static func logLevel(_ reader: inout SettingsReader) -> Logger.Level {
    reader.optional(.logLevel, "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))") {
      Logger.Level(rawValue: $0)
    } ?? .info
  }
}
