internal import Curl
internal import Encoding
internal import Flow
internal import Logging
internal import Tokens

/// How each setting is read and what it must be. A setting that is wrong gives nil and a problem in the reader.
extension Settings {
  static func site(_ reader: inout SettingsReader) -> SiteSettings? {
    let brandName = reader.optional(.vonageBrandName)
    let identity = reader.optional(.site)
    let prefix = prefix(&reader)
    let origins = reader.optional(
      .origins, "origins as browsers send them, like https://www.example.com, separated by spaces, without a path"
    ) { text in
      let words = WordList.words(of: text)
      let origins = words.compactMap { Origin($0)?.text }
      return words.isEmpty || origins.count < words.count ? nil : origins
    }
    let continueURL = reader.optional(.continueURL, "an absolute path like /welcome, or an https URL") {
      isPath($0) || $0.hasPrefix("https://") && isPrintable($0) ? $0 : nil
    }
    let proxies = trustedProxies(&reader)
    guard let name = identity ?? brandName else { return nil }
    var site = SiteSettings(
      identity: name, prefix: prefix ?? "", allowedOrigins: origins ?? [], continueURL: continueURL ?? "/",
      staticFolder: reader.optional(.www))
    site.trustedProxies = proxies
    return site
  }

  /// Where the site is mounted; nil at the root.
  static func prefix(_ reader: inout SettingsReader) -> String? {
    reader.optional(
      .prefix, "a path like /phone: beginning with a slash, not ending with one, of letters, digits, - . _ ~ and /"
    ) { isPrefix($0) ? $0 : nil }
  }

  static func brand(_ reader: inout SettingsReader) -> Brand? {
    let name = reader.required(.vonageBrandName, "the name that visitors know you by, at most 18 characters")
    let logo = reader.optional(.logo, "the path of a picture on this site, like /logo.svg") {
      Brand.isLogoPath($0) ? $0 : nil
    }
    let colour = reader.optional(.colour, "a colour like #0057b8") { Colour($0) }
    return name.map { Brand(name: $0, logoPath: logo, colour: colour) }
  }

  static func keyring(_ reader: inout SettingsReader) -> Keyring? {
    let advice = "make one with `pingate generate-key`"
    guard let text = reader.required(.key, advice) else { return nil }
    guard let keyring = KeyText.keys(in: text).flatMap({ Keyring($0) }) else {
      reader.complain(.key, "must be one or more keys of 32 bytes in base64, separated by spaces; \(advice)")
      return nil
    }
    return keyring
  }

  /// - Parameters:
  ///   - connections: the most to the provider at one time, one for each request in flight.
  ///   - isSecure: whether the provider is asked by TLS, and certificates are needed.
  static func client(_ reader: inout SettingsReader, connections: Int, isSecure: Bool) -> Configuration {
    var client = Configuration()
    client.userAgent = "PinGate/\(Version.text)"
    client.timeout = .seconds(reader.number(.apiTimeout, in: 1...12, unit: "seconds") ?? 10)
    client.connectTimeout = min(client.connectTimeout, client.timeout)
    client.connections = connections
    client.proxy = reader.optional(.proxy, "the URL of a proxy, like http://proxy.example.com:3128") { ProxyURL($0) }
    let caFile = reader.optional(.caFile)
    guard isSecure || caFile != nil else { return client }
    do {
      client.certificates = try CertificateFile.find(
        configured: caFile.map { (path: $0, setting: SettingName.caFile.rawValue) }, environment: reader.environment,
        usual: CertificateFile.usual + Executable.certificates)
    } catch {
      reader.complain(.caFile, "\(error)")
    }
    return client
  }

  static func logLevel(_ reader: inout SettingsReader) -> Logger.Level {
    let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
    return reader.optional(.logLevel, "one of \(levels)") { Logger.Level(rawValue: $0) } ?? .info
  }

  // MARK: Rules

  private static func isPrefix(_ text: String) -> Bool {
    isPath(text) && !text.hasSuffix("/") && text.utf8.allSatisfy(isPathByte)
  }

  private static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\") && isPrintable(text)
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  static func isPathByte(_ byte: UInt8) -> Bool { byte.isUnreserved || byte == UInt8(ascii: "/") }
}
