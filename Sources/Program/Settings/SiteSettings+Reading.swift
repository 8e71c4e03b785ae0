internal import Encoding
internal import Flow
internal import Pages
internal import Tokens

/// How each setting is read and what it has to be. A setting that is wrong yields nil, and a problem in the reader.
extension SiteSettings {
  /// `PINGATE_SITE`, or else a name that never changes, whatever the brand is called.
  static func identity(_ reader: inout SettingsReader) -> String { reader.optional(.site) ?? usualIdentity }

  /// The name of a site that is the only one with its key and its store.
  static let usualIdentity = "pingate"

  static func flow(_ reader: inout SettingsReader, identity: String) -> FlowSettings {
    checkStaticFiles(&reader)
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
    var flow = FlowSettings(
      identity: identity, prefix: prefix ?? "", allowedOrigins: origins ?? [], continueURL: continueURL ?? "/",
      staticFolder: reader.optional(.www), trustedProxies: trustedProxies(&reader))
    let secret = reader.optional(
      .redeemSecret, "32 to 256 letters, digits and - . _ ~ + / =; make one with `pingate generate-key`"
    ) { (32...256).contains($0.utf8.count) && $0.utf8.allSatisfy(isTokenByte) ? $0 : nil }
    flow.redeemSecret = secret.map { SharedSecret($0) }
    flow.fastestForm = reader.number(.fastestForm, in: 0...10, unit: "seconds").map { .seconds($0) } ?? .seconds(1)
    flow.givesReturnTokens = reader.flag(.returnToken) ?? false
    if flow.givesReturnTokens, secret == nil, !reader.isMistaken(.redeemSecret) {
      reader.complain(.returnToken, "needs \(SettingName.redeemSecret.rawValue), with which the tokens are redeemed")
    }
    return flow
  }

  /// The characters of credentials after `Bearer` (RFC 6750, section 2.1).
  private static func isTokenByte(_ byte: UInt8) -> Bool { byte.isUnreserved || "+/=".utf8.contains(byte) }

  /// The path that the site is mounted at; nil for the root.
  static func prefix(_ reader: inout SettingsReader) -> String? {
    reader.optional(
      .prefix, "a path like /phone: beginning with a slash, not ending with one, of letters, digits, - . _ ~ and /"
    ) { isPrefix($0) ? $0 : nil }
  }

  static func brand(_ reader: inout SettingsReader) -> Brand? {
    let name =
      reader.optional(.brand, "at most \(longestBrand) characters") { $0.count <= longestBrand ? $0 : nil }
      ?? (reader.isMistaken(.brand) ? nil : providersBrand(&reader))
    let logo = reader.optional(.logo, "the path of a picture on this site, like /logo.svg") {
      Brand.isLogoPath($0) ? $0 : nil
    }
    let color = reader.optional(.color, "a color like #0057b8") { Color($0) }
    return name.map { Brand(name: $0, logoPath: logo, color: color) }
  }

  /// Without a brand of its own, the site has on its pages the name that the provider puts into messages.
  private static func providersBrand(_ reader: inout SettingsReader) -> String? {
    reader.required(.vonageBrandName, ProviderSettings.brandAdvice)
  }

  /// More would not fit into two lines on a narrow screen.
  private static let longestBrand = 60

  static func keyring(_ reader: inout SettingsReader) -> Keyring? {
    let advice = "make one with `pingate generate-key`"
    guard let text = reader.required(.key, advice) else { return nil }
    guard let keyring = KeyText.keys(in: text).flatMap({ Keyring($0) }) else {
      reader.complain(.key, "must be one or more keys of 32 bytes in base64, separated by spaces; \(advice)")
      return nil
    }
    return keyring
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
