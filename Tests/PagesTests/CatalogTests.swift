import Flow
import Gate
import Testing
import Verification

@testable import Pages

private let words = Catalog.english

@Test(arguments: [
  (0, "1 second"), (1, "1 second"), (2, "2 seconds"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"),
  (120, "2 minutes"), (121, "3 minutes"), (3600, "60 minutes"), (5400, "90 minutes"), (5401, "2 hours"),
  (7200, "2 hours"), (7201, "3 hours"), (129_600, "36 hours"), (129_601, "2 days"),
])
func `a time to wait is never told too short`(seconds: Int, text: String) {
  #expect(words.wait(.seconds(seconds)) == text)
}

@Test func `parts of a second count as a whole one`() {
  #expect(words.wait(.milliseconds(1001)) == "2 seconds")
  #expect(words.wait(.milliseconds(1000)) == "1 second")
}

@Test func `how long a PIN is good is right for one minute and for many`() {
  func text(_ lifetime: PINLifetime, _ channel: Channel = .text) -> String { words.lifetime(lifetime, by: channel) }
  #expect(text(.fresh(minutes: 1)) == "It is good for 1 minute.")
  #expect(text(.fresh(minutes: 2)) == "It is good for 2 minutes.")
  #expect(text(.left(minutes: 1)) == "It is good for less than a minute more.")
  #expect(text(.left(minutes: 2)) == "It is good for about 2 more minutes.")
  #expect(text(.over) == "It may have expired: if you have a newer message, use the PIN from that one.")
  #expect(text(.over, .call) == "It may have expired: if you had a newer call, use the PIN from that one.")
  #expect(text(.unknown, .call) == "It is good for a few minutes from when it was sent.")
}

@Test func `when the next message may be asked for is told of messages and of calls`() {
  #expect(words.again(.after(.seconds(30)), by: .text) == "You can send it again in 30 seconds.")
  #expect(words.again(.after(.seconds(90)), by: .call) == "You can ask for another call in 2 minutes.")
  #expect(words.again(.now, by: .text) == "If nothing has come, send it again.")
  #expect(words.again(.now, by: .call) == "If no call has come, ask for another.")
  #expect(words.again(.never, by: .text) == "We cannot send another message for this PIN.")
  #expect(words.again(.never, by: .call) == "We cannot call again for this PIN.")
}

@Test func `the tries that are left are counted where they are few`() {
  let texts = [nil, 0, 1, 2, 5, 6].map { words.tries(left: $0) }
  #expect(
    texts == [
      "", "That was the last try for now.", "You have 1 try left.", "You have 2 tries left.",
      "You have 5 tries left.", "",
    ])
}

@Test func `the script of a page counts with the units of the catalog`() {
  #expect(
    words.countdownUnits
      == #"{"seconds":{"one":"{n} second","other":"{n} seconds"},"minutes":{"one":"{n} minute","other":"{n} minutes"}}"#
  )
}

@Test(arguments: [
  (4...4, "4 digits", "1234"), (5...5, "5 digits", "12345"), (6...6, "6 digits", "123 456"),
  (4...6, "4 to 6 digits", "1234"), (8...8, "8 digits", "1234 5678"), (10...10, "10 digits", "12345 67890"),
])
func `a PIN is as long as it is said to be`(length: ClosedRange<Int>, digits: String, example: String) {
  #expect(words.digits(length) == digits)
  #expect(words.examplePIN(length) == example)
}

@Test func `countries are listed as people do, and a long list is cut`() throws {
  func served(_ codes: [String]) throws -> String {
    words.served(try codes.map { (try #require(Country($0)), $0 == "US" ? "1" : nil) })
  }
  #expect(try served(["US"]) == "We send to numbers of the United States (+1).")
  #expect(try served(["US", "FR"]) == "We send to numbers of the United States (+1) and France.")
  let many = ["AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"]
  #expect(try served(many).hasSuffix("Finland, France, Greece and 2 more."))
  #expect(try served([]) == "")
}

@Test func `each key has its words, and nothing else has`() {
  #expect(Set(words.messages.keys) == Set(MessageKey.allCases))
  #expect(Set(words.texts.keys) == Set(TextKey.allCases))
  #expect(Set(words.plurals.keys) == Set(PluralKey.allCases))
  #expect(Set(words.labels.keys) == Set(LabelKey.allCases))
  #expect(Set(words.gate.keys) == Set(GateText.allCases))
  for (key, texts) in words.messages {
    #expect(key.rawValue.hasPrefix("page.") ? (2...3).contains(texts.count) : texts.count == 1, "\(key)")
    #expect(texts.allSatisfy { !$0.isEmpty })
  }
  for (key, forms) in words.plurals {
    #expect(forms[.other] != nil, "\(key)")
    for count in Int64(0)...1_000 { #expect(forms[words.category(count)] != nil, "\(key)") }
  }
}

@Test func `a message has only the arguments that are put into it`() {
  for (key, texts) in words.messages {
    for text in texts {
      let arguments = text.matches(of: /\{([^{}|]*)\}/).map { String($0.1) }
      let known: Set = key.rawValue.hasPrefix("page.") ? [] : ["wait", "left", "owner", "digits", "example", "number"]
      #expect(known.isSuperset(of: arguments), "\(key)")
      // A wait that is over is told by other words, which stand in the place of these.
      #expect(!text.contains("{wait}") || text.contains(words.text(.waitIn)), "\(key)")
    }
  }
  for (key, text) in words.gate {
    let known: Set<String> =
      switch key {
      case .formIsGuarded: ["form"]
      case .redirectShown: ["reason", "address"]
      default: []
      }
    #expect(Set(text.matches(of: /\{([^{}]*)\}/).map { String($0.1) }) == known, "\(key)")
  }
}

@Test func `a language with more plural forms than English counts in its own`() {
  // Polish, as CLDR has it for whole numbers.
  let polish = Catalog(
    language: "pl",
    category: { count in
      if count == 1 { return .one }
      return (2...4).contains(count % 10) && !(12...14).contains(count % 100) ? .few : .many
    },
    messages: [:], texts: [:], labels: [:], gate: [:],
    plurals: [.minutes: [.one: "{n} minuta", .few: "{n} minuty", .many: "{n} minut", .other: "{n} minuty"]],
    countries: .english)
  let texts = [1, 2, 5, 12, 22, 25].map { polish.counted(.minutes, $0) }
  #expect(texts == ["1 minuta", "2 minuty", "5 minut", "12 minut", "22 minuty", "25 minut"])
}

/// English with other letters: what is left in Latin ones on its pages does not come from the catalog.
private let greek: Catalog = {
  func translated(_ text: String) -> String {
    var isArgument = false
    // What is to be chosen from is translated, and an argument's name is not.
    return String(
      text.replacing(/\{([^{}|]*)\}/) { "\u{1}\($0.1)\u{2}" }.map { character in
        if character == "\u{1}" || character == "\u{2}" { isArgument = character == "\u{1}" }
        return !isArgument && character.isLetter ? "ω" : character
      }
    ).replacing("\u{1}", with: "{").replacing("\u{2}", with: "}")
  }
  return Catalog(
    language: "el", category: words.category, messages: words.messages.mapValues { $0.map(translated) },
    texts: words.texts.mapValues(translated), labels: words.labels.mapValues(translated),
    gate: words.gate.mapValues(translated),
    plurals: words.plurals.mapValues { $0.mapValues(translated) },
    countries: CountryNames(names: words.countries.names.mapValues(translated), withArticle: [], article: ""))
}()

@Test(arguments: PageVariant.all)
func `a page says nothing that is not in the catalog of its language`(variant: PageVariant) throws {
  let pages = Pages(PageSettings(brand: Brand(), remembersFor: .seconds(86_400), words: greek))
  let page = String(decoding: pages.page(variant).compiled.filled(with: PlaceholderTexts()), as: UTF8.self)
  #expect(page.contains("<html lang=\"el\">"))
  // What is read, and what the script or a screen reader gets to say.
  let read = page.replacing(/<script>[^§]*?<\/script>/, with: "").replacing(/<[^>]*>/, with: " ")
  let attributes = page.matches(of: /(?:data-after|data-now|aria-label|title|placeholder|alt)="([^"]*)"/).map(\.1)
  let texts = [read] + attributes.map { String($0) }
  for text in texts {
    #expect(text.replacing("{wait}", with: "").firstMatch(of: /[A-Za-z]{2,}/) == nil, "\(text)")
  }
}

@Test func `the page without any needs says nothing that is not its language's, and needs no templates`() {
  func sent(_ page: EmergencyPage) -> String {
    var sent = ""
    #expect(
      page.write {
        sent += "\($0)"
        return true
      })
    return sent
  }
  let page = sent(EmergencyPage(language: "el", title: "ωωω", text: "ωωωω."))
  let parts = page.split(separator: "\r\n\r\n")
  #expect(parts.count == 2 && parts[0].hasPrefix("Status: 503 ") && parts[1].contains("<html lang=\"el\">"))
  #expect(parts[1].replacing(/<[^>]*>/, with: " ").firstMatch(of: /[A-Za-z]{2,}/) == nil)
  // Nothing is written after nobody has taken a piece.
  var tries = 0
  #expect(
    !EmergencyPage.english.write { _ in
      tries += 1
      return false
    } && tries == 1)
  #expect(sent(.english).hasSuffix("try again in a minute.</p>\n</html>\n"))
}

@Test func `the words of a template have the same arguments in each language, which its page has`() {
  for key in LabelKey.allCases {
    let arguments = greek.template(key.templateName)?.blockNames
    #expect(arguments == words.template(key.templateName)?.blockNames)
    let users = TemplateName.allCases.filter { $0.builtIn.contains(key) }
    #expect(!users.isEmpty, "\(key)")
    for name in users { #expect(name.variables.isSuperset(of: arguments ?? []), "\(key) in \(name)") }
  }
}

extension [UInt8] {
  fileprivate func contains(_ key: LabelKey) -> Bool {
    let text = String(decoding: self, as: UTF8.self)
    return text.contains("{{\(key.templateName)}}") || text.contains("{{<\(key.templateName)}}")
  }
}
