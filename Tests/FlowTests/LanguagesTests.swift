import Testing

@testable import Flow

@Test(arguments: [
  ("de-AT,de;q=0.9,en;q=0.8", ["de-at", "de", "en"]),
  ("en;q=0.1, fr;q=0.9, de", ["de", "fr", "en"]),
  ("en, de, fr", ["en", "de", "fr"]),
  ("de ; q=1.000,en;q=0.001", ["de", "en"]),
  ("de;Q=0.5,en", ["en", "de"]),
  ("*, de;q=0, en", ["en"]),
  ("zh-Hant-TW", ["zh-hant-tw"]),
  ("", []), (",,,", []), ("*", []), ("ä, d e, toolongtag, en-", []),
  ("de;q=2", []), ("de;q=1.001", []), ("de;q=x", []), ("de;q=", []), ("de;q=0.1234", []), ("de;level=1", []),
])
func `languages are ranked as the browser weighs them`(header: String, ranked: [String]) {
  #expect(Languages.ranked(header) == ranked)
}

@Test func `a header that is too long or has too many languages is not read to its end`() {
  let tags = "abcdefghijklmnopqrstu".map { "x\($0)" }
  #expect(Languages.ranked(tags.joined(separator: ",")) == tags.dropLast())
  let blanks = String(repeating: " ", count: 998)
  #expect(Languages.ranked("de" + blanks) == ["de"])
  #expect(Languages.ranked("de" + blanks + " ") == [])
}
