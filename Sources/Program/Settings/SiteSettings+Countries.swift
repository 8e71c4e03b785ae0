internal import Gateway
internal import LibPhoneNumber
internal import Verification

/// Which countries are served, and which proxies are believed about a visitor's address.
extension SiteSettings {
  static func plan(_ reader: inout SettingsReader) -> (any NumberingPlan)? {
    let home = countries(.homeCountry, &reader)
    let allowed = countries(.countries, &reader)
    if let home, home.count > 1 { reader.complain(.homeCountry, "must be one country, like US") }
    // A setting that is wrong was reported, and is not missing.
    if home == nil, allowed == nil, reader.isMistaken(.homeCountry) || reader.isMistaken(.countries) { return nil }
    guard home != nil || allowed != nil else {
      reader.complain(
        .homeCountry,
        "is missing: the country of your visitors, like US, whose numbers may be typed without country code; or set "
          + "\(SettingName.countries.rawValue), the list of all countries that messages are sent to")
      return nil
    }
    return ServedCountries(home: home?.first, allowed: allowed ?? []).flatMap {
      try? LibPhoneNumber($0)  // each country was looked at by itself
    }
  }

  /// The site's home country; nil if no setting names it.
  static func home(_ reader: inout SettingsReader) -> Country? {
    let home = countries(.homeCountry, &reader)?.first
    return home ?? countries(.countries, &reader)?.first
  }

  /// - Returns: nil if the setting is left out; otherwise the valid countries.
  private static func countries(_ name: SettingName, _ reader: inout SettingsReader) -> [Country]? {
    guard let text = reader.optional(name) else { return nil }
    let words = WordList.words(of: text)
    if words.isEmpty { reader.complain(name, "names no country") }
    var known: [Country] = []
    var unknown: [String] = []
    for word in words {
      if let country = Country(word), isKnown(country) { known.append(country) } else { unknown.append(word) }
    }
    if !unknown.isEmpty {
      let advice = unknown.contains { $0.uppercased() == "UK" } ? "; the United Kingdom is GB" : ""
      reader.complain(
        name, "\(unknown.joined(separator: ", ")): not a country of two letters, like US (ISO 3166)\(advice)")
    }
    return known
  }

  private static func isKnown(_ country: Country) -> Bool {
    guard let alone = ServedCountries(home: country, allowed: []) else { return false }
    return (try? LibPhoneNumber(alone)) != nil  // it fails for an unknown country only
  }

  /// The proxies in front of the web server.
  static func trustedProxies(_ reader: inout SettingsReader) -> [TrustedProxy] {
    reader.optional(
      .trustedProxies,
      "addresses or ranges like 10.0.0.0/8 or 2001:db8::/32, or unix: for whoever comes by a Unix socket, separated by "
        + "spaces, and never everybody (/0)"
    ) { text in
      let words = WordList.words(of: text)
      let proxies = words.compactMap { TrustedProxy($0) }
      return proxies.count == words.count ? proxies : nil
    } ?? []
  }
}
