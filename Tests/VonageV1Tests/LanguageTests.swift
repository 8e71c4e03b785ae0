import Testing

@testable import VonageV1

struct LanguageTests {
  @Test func `every language of Vonage's is taken as it is`() {
    #expect(VonageLanguage.all.count == 39)
    for tag in VonageLanguage.all {
      #expect(VonageLanguage(for: [tag])?.tag == tag)
    }
  }

  @Test(arguments: [
    ("ar", "ar-xa"), ("ar-eg", "ar-xa"), ("cs", "cs-cz"), ("cy", "cy-gb"), ("da", "da-dk"), ("de", "de-de"),
    ("de-at", "de-de"), ("de-ch", "de-de"), ("el", "el-gr"), ("en", "en-us"), ("en-ca", "en-us"), ("en-ie", "en-gb"),
    ("en-za", "en-gb"), ("en-nz", "en-au"), ("en-pk", "en-in"), ("en-001", "en-gb"), ("es", "es-es"),
    ("es-419", "es-mx"), ("es-ar", "es-mx"), ("es-pr", "es-us"), ("fi", "fi-fi"), ("fil", "fil-ph"), ("tl", "fil-ph"),
    ("fr", "fr-fr"), ("fr-be", "fr-fr"), ("fr-ca", "fr-ca"), ("hi", "hi-in"), ("hu", "hu-hu"), ("id", "id-id"),
    ("in", "id-id"), ("is", "is-is"), ("it-ch", "it-it"), ("ja", "ja-jp"), ("ko", "ko-kr"), ("nb", "nb-no"),
    ("no", "nb-no"), ("nn-no", "nb-no"), ("no-no", "nb-no"), ("nl-be", "nl-nl"), ("pl", "pl-pl"), ("pt", "pt-br"),
    ("pt-ao", "pt-pt"), ("ro-md", "ro-ro"), ("ru", "ru-ru"), ("sv-fi", "sv-se"), ("th", "th-th"), ("tr", "tr-tr"),
    ("vi", "vi-vn"), ("yue", "yue-cn"), ("yue-hk", "yue-cn"), ("zh", "zh-cn"), ("zh-sg", "zh-cn"), ("zh-hk", "zh-tw"),
    ("zh-hant", "zh-tw"), ("zh-hant-hk", "zh-tw"), ("zh-hans-hk", "zh-cn"), ("zh-hans-cn", "zh-cn"),
    ("en-us-posix", "en-us"), ("de-latn-de", "de-de"),
  ])
  func `a language is spoken where it fits best`(language: String, tag: String) {
    #expect(VonageLanguage(for: [language])?.tag == tag)
  }

  @Test func `the first language that Vonage has counts`() {
    #expect(VonageLanguage(for: ["gd", "en-gb", "de"])?.tag == "en-gb")
    #expect(VonageLanguage(for: ["de-at", "en-us"])?.tag == "de-de")
  }

  @Test(arguments: [[], ["gd"], ["*"], [""], ["-"], ["xx-us"], ["english"], ["e"]] as [[String]])
  func `none of them leaves it to Vonage`(languages: [String]) {
    #expect(VonageLanguage(for: languages) == nil)
  }
}
