/// A message's language, out of those that Verify v1 supports (`lg`, specification 1.2.4).
struct VonageLanguage: Sendable, Hashable {
  /// The value of the parameter.
  let tag: String

  /// The best language for a visitor: the first of their languages that Vonage supports, in exactly that variant or
  /// else in the closest one.
  ///
  /// - Parameter languages: best first, as lower-case BCP 47 tags.
  /// - Returns: nil if Vonage supports none of them; it then chooses by the number's country.
  init?(for languages: [String]) {
    guard let tag = languages.lazy.compactMap(Self.tag).first else { return nil }
    self.tag = tag
  }

  private static func tag(for language: String) -> String? {
    let subtags = language.split(separator: "-").map(String.init)
    guard let first = subtags.first else { return nil }
    let primary = synonyms[first] ?? first
    // Script and region, in the order of the tag: "zh-hant-hk".
    for subtag in subtags.dropFirst() {
      let form = "\(primary)-\(subtag)"
      if all.contains(form) { return form }
      if let tag = nearest[form] { return tag }
    }
    return usual[primary]
  }

  static let all: Set<String> = [
    "ar-xa", "cs-cz", "cy-cy", "cy-gb", "da-dk", "de-de", "el-gr", "en-au", "en-gb", "en-in", "en-us", "es-es",
    "es-mx", "es-us", "fi-fi", "fil-ph", "fr-ca", "fr-fr", "hi-in", "hu-hu", "id-id", "is-is", "it-it", "ja-jp",
    "ko-kr", "nb-no", "nl-nl", "pl-pl", "pt-br", "pt-pt", "ro-ro", "ru-ru", "sv-se", "th-th", "tr-tr", "vi-vn",
    "yue-cn", "zh-cn", "zh-tw",
  ]

  /// The variant for a language without a region: where most of its speakers live (Unicode CLDR, likely subtags), which
  /// for Spanish is Spain.
  private static let usual: [String: String] = [
    "ar": "ar-xa", "cs": "cs-cz", "cy": "cy-gb", "da": "da-dk", "de": "de-de", "el": "el-gr", "en": "en-us",
    "es": "es-es", "fi": "fi-fi", "fil": "fil-ph", "fr": "fr-fr", "hi": "hi-in", "hu": "hu-hu", "id": "id-id",
    "is": "is-is", "it": "it-it", "ja": "ja-jp", "ko": "ko-kr", "nb": "nb-no", "nl": "nl-nl", "pl": "pl-pl",
    "pt": "pt-br", "ro": "ro-ro", "ru": "ru-ru", "sv": "sv-se", "th": "th-th", "tr": "tr-tr", "vi": "vi-vn",
    "yue": "yue-cn", "zh": "zh-cn",
  ]

  /// Older and broader codes that browsers still send. Readers of Nynorsk also read Bokmål.
  private static let synonyms = ["no": "nb", "nn": "nb", "tl": "fil", "in": "id", "mo": "ro"]

  /// Variants that Vonage lacks and whose closest variant is not the usual one.
  private static let nearest: [String: String] = [
    "en-gb": "001 150 cy gg gh gi hk ie im je ke mt ng sg tz ug za zw",
    "en-au": "nz",
    "en-in": "bd lk pk",
    "es-mx": "419 ar bo cl co cr cu do ec gt hn ni pa pe py sv uy ve",
    "es-us": "pr",
    "pt-pt": "ao ch cv gw lu mo mz st tl",
    "zh-cn": "hans",
    "zh-tw": "hant hk mo",
  ].reduce(into: [:]) { nearest, row in
    let primary = row.key.prefix { $0 != "-" }
    for subtag in row.value.split(separator: " ") { nearest["\(primary)-\(subtag)"] = row.key }
  }
}
