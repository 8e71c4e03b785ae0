import Gateway
import HTTPTypes
import LibPhoneNumber
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

@Test(arguments: [
  ("hello", "in digits, with its country code"), ("+1 202 555 0143 ext. 7", "cannot dial extensions"),
  ("+999 202 555 0143", "No country has this country code"), ("+1 202", "too short"),
  ("555 0143", "area code is missing"), ("+1 202 555 01434", "too long"), ("+1 999 555 0143", "no such number"),
  ("+1 900 555 0143", "extra charges"), ("+1 800 555 0143", "toll-free"),
  ("+44 7400 123456", "cannot send to numbers of the United Kingdom."),
])
func `a number that gets no PIN is refused in words that name the fix, and nobody is asked`(
  number: String, words: String
) async throws {
  let test = try TestSite()
  let response = await Browser(test).register(number)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains(words), "\(response.text)")
  #expect(response.text.contains("value=\"\(number)\""))
  #expect(test.verifier.started.isEmpty)
  let keys = CounterKeys(test.keyring, site: "www.example.com")
  let client = try #require(ClientAddress("192.0.2.1"))
  let (address, net) = keys.address(host: client.host, net: client.net)
  let counts = try await test.store.counts(of: test.policy.rules(ofAddress: address, net: net))
  #expect(counts.allSatisfy { $0.count == 0 })
}

@Test func `a number of a country that is not served is told whose it is, and which are, once`() async throws {
  let test = try TestSite(plan: .serving("US", "GB"))
  let response = await Browser(test).register("+49 1512 3456789")
  #expect(response.text.contains("We cannot send to numbers of Germany. Enter another number."))
  let served = "We send to numbers of the United States (+1) and the United Kingdom (+44)."
  #expect(response.text.ranges(of: served).count == 1)
  #expect(response.text.contains(#"aria-describedby="number-error number-countries number-hint""#))
}

@Test(arguments: [
  ("GB", "+44 7797 712345", "Jersey", "the United Kingdom (+44)"),
  ("GB", "+44 7911 123456", "Guernsey", "the United Kingdom (+44)"),
  ("GB", "07624 123456", "the Isle of Man", "the United Kingdom (+44)"),
  ("US", "204 234 5678", "Canada", "the United States (+1)"), ("RU", "8 771 000 9998", "Kazakhstan", "Russia (+7)"),
  ("MA", "+1 876 210 1234", "Jamaica", "Morocco (+212)"),
])
func `countries with a common calling code are told apart in words`(
  home: String, number: String, owner: String, served: String
) async throws {
  let test = try TestSite(plan: .serving(home))
  let response = await Browser(test).register(number)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("We cannot send to numbers of \(owner)."), "\(response.text)")
  #expect(response.text.contains("We send to numbers of \(served)."))
  #expect(test.verifier.started.isEmpty)
}

@Test func `every country that has numbers has a name`() {
  for code in CountryNames.english.names.keys { #expect(Country(code)?.code == code) }
  for first in UInt8(ascii: "A")...UInt8(ascii: "Z") {
    for second in UInt8(ascii: "A")...UInt8(ascii: "Z") {
      let country = Country(String(decoding: [first, second], as: UTF8.self))!
      let countries = ServedCountries(home: country, allowed: [])!
      let hasNumbers = (try? LibPhoneNumber(countries)) != nil
      #expect((CountryNames.english.names[country.code] != nil) == hasNumbers, "\(country)")
    }
  }
}

@Test func `each country has a number for an example, and it is nobody's`() throws {
  let reserved =
    /\+1 \d{3} 555 01\d\d|\+44 7700 900\d{3}|\+61 491 570 006|\+33 6 39 98 \d\d \d\d|\+49 171 39200\d\d|\+353 20 91\d \d{4}|\+46 70 174 06 \d\d/
  for code in CountryNames.english.names.keys {
    let example = ExampleNumber.of(Country(code))
    let plan = LibPhoneNumber.serving(code)
    #expect(example.hasPrefix("+\(plan.callingCode(of: Country(code)!)!) "), "\(code): \(example)")
    if try reserved.wholeMatch(in: example) == nil {
      #expect(try /\+\d{1,3}( x+)+/.wholeMatch(in: example) != nil, "\(code): \(example)")
      guard case .refused = plan.read(example, isConfirmed: true) else {
        Issue.record("\(example) is taken for a number")
        continue
      }
    } else if case .accepted(let destination) = plan.read(example, isConfirmed: true) {
      #expect("+" + destination.number.digits == example.filter { $0 != " " })
    }
  }
  #expect(ExampleNumber.of(nil) == "+1 202 555 0143")
}

@Test(arguments: [("DE", "+49 171 3920012"), ("IT", "+39 xxx xxx xxxx"), ("US", "+1 202 555 0143")])
func `the example is one of the country of the site`(code: String, example: String) throws {
  let pages = Pages(brand: Brand(), country: Country(code))
  #expect(String(decoding: pages.startPage, as: UTF8.self).contains("With its country code, like \(example)</p>"))
  let context = RequestContext(.html)
  let conclusion = Concluder(log: RecordedLog().logger()).conclude(.numberRefused, context)
  #expect(pages.response(to: conclusion).text.contains("with its country code, like \(example)."))
}

@Test func `a number that could be two is asked about, and each answer is a button`() async throws {
  let test = try TestSite(plan: .serving("US", "BZ"))
  let browser = Browser(test)
  let question = await browser.register("501 622 1234")
  #expect(question.status == .ok)
  #expect(question.heading == "Which number did you mean?")
  #expect(question.text.contains("You typed <strong class=\"number\">501 622 1234</strong>."))
  #expect(test.verifier.started.isEmpty)
  #expect(test.log.lines.last?.message == "number.unclear")

  let buttons = question.text.matches(of: /<button[^>]* name="number" value="([^"]+)">([^<]+)</)
  #expect(buttons.map { String($0.2) } == ["+1 501-622-1234 (United States)", "+501 622-1234 (Belize)"])
  #expect(question.form != nil)
  #expect(question.text.contains(#"name="channel" value="text""#))
  let body = "number=\(String(buttons[1].1).formEncoded)&confirmed=yes&channel=text&form=\(try #require(question.form))"
  let page = await browser.post("/register", body)
  #expect(page.heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["5016221234"])
  // The same form sends once.
  #expect(await browser.post("/register", body).status == .ok)
  #expect(test.verifier.started.count == 1)
}

@Test func `a lost plus is found, and no call is offered to a number that nobody typed`() async throws {
  let test = try TestSite(plan: .serving("DE"))
  #expect(await Browser(test).register("49 172 5555555").heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["491725555555"])

  for typed in ["33612345678", "+49 49172 5555555"] {
    let question = await Browser(test).register(typed)
    #expect(question.heading.map { ["Did you mean this number?", "Which number did you mean?"].contains($0) } == true)
    #expect(!question.text.contains("Call me"))
    // The landline, once it is confirmed, is offered a call.
    let button = try #require(question.text.firstMatch(of: /value="([^"]+)">[^<]+\(Germany, landline\)/)?.1)
    let offer = await Browser(test).post("/register", "number=\(String(button).formEncoded)&confirmed=yes")
    #expect(offer.heading == "Get a call instead?")
  }
  #expect(test.verifier.started.count == 1)
}

@Test func `a plus that a form did not encode is found again`() async throws {
  let test = try TestSite(plan: .serving("DE"))
  #expect(await test.post("/register", "number=+491725555555").heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["491725555555"])
}

@Test func `the way that the PIN shall come is kept through the question`() async throws {
  let test = try TestSite(plan: .serving("US", "BZ"))
  let browser = Browser(test)
  // A number without + was shown to nobody.
  let question = await browser.register("501 622 1234", by: "call")
  #expect(question.heading == "Which number did you mean?" && test.verifier.started.isEmpty)
  #expect(question.text.contains(#"name="channel" value="call""#))
  let form = try #require(question.form)
  let body = "number=\("+501 622-1234".formEncoded)&confirmed=yes&channel=call&form=\(form)"
  let page = await browser.post("/register", body)
  #expect(page.text.contains("We are calling"))
  #expect(test.verifier.started.map(\.channel) == [.call])
}

@Test func `nothing is asked about a number that is confirmed`() async throws {
  let test = try TestSite(plan: .serving("US", "BZ"))
  let page = await Browser(test).post("/register", "number=501+622+1234&confirmed=yes")
  #expect(page.heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["15016221234"])
}

@Test func `whether a called number gets messages is known without asking`() async throws {
  let test = try TestSite(plan: .serving("DE"))
  let called = "number=\("+49 491 725555555".formEncoded)&confirmed=yes&channel=call"
  let page = await Browser(test).post("/register", called)
  #expect(page.text.contains("We are calling") && !page.text.contains("Send a text message instead"), "\(page.text)")
}

@Test func `a number is asked for in E.164 and shown as its owner writes it`() async throws {
  let test = try TestSite()
  let response = await Browser(test).register("(202) 555.0143")
  #expect(test.verifier.started.map(\.number.digits) == ["12025550143"])
  #expect(response.text.contains("<strong class=\"number\">+1 202-555-0143</strong>"))
}

@Test func `a landline is offered a call, and nothing is sent until it is wanted`() async throws {
  let test = try TestSite(plan: .serving("GB"))
  let browser = Browser(test)
  let offer = await browser.register("020 7946 0018")
  #expect(offer.status == .ok)
  #expect(offer.heading == "Get a call instead?")
  #expect(offer.text.contains("+44 20 7946 0018"))
  #expect(offer.text.contains(">Enter another number</a>"))
  #expect(test.verifier.started.isEmpty)

  let number = try #require(offer.text.firstMatch(of: /name="number" value="([^"]+)"/)?.1)
  let channel = try #require(offer.text.firstMatch(of: /name="channel" value="([^"]+)"/)?.1)
  let page = await browser.register(String(number), form: offer.form, by: String(channel))
  #expect(page.heading == "Enter your PIN")
  #expect(page.text.contains("We are calling <strong class=\"number\">+44 20 7946 0018</strong>"))
  #expect(test.verifier.started.map(\.channel) == [.call])

  // "Send again" is a call again.
  test.clock.advance(by: .seconds(30))
  #expect(try await browser.press("resend", on: page).status == .ok)
  #expect(test.verifier.sentAgain.map(\.channel) == [.call])
}

@Test(arguments: ["text", "", "CALL", "fax"])
func `a landline is called only when it is asked for`(channel: String) async throws {
  let test = try TestSite(plan: .serving("GB"))
  #expect(await Browser(test).register("020 7946 0018", by: channel).heading == "Get a call instead?")
  #expect(test.verifier.started.isEmpty)
}

@Test func `of many countries the first are named`() async throws {
  let codes = ["US", "GB", "DE", "FR", "IT", "ES", "PT", "NL", "BE", "AT", "CH", "SE", "NO", "DK"]
  let plan = try LibPhoneNumber(try #require(ServedCountries(home: nil, allowed: codes.compactMap { Country($0) })))
  let response = await Browser(try TestSite(plan: plan)).register("+81 90 1234 5678")
  #expect(response.text.contains("Switzerland (+41), Sweden (+46) and 2 more."))
}

@Test func `a country that is no longer served gets no second message`() async throws {
  let page = await Browser(try TestSite(plan: .serving("US", "GB"))).register("+44 7400 123456")
  let test = try TestSite(plan: .serving("US"))
  let response = await test.post("/resend", "requestId=\(try #require(page.token))")
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("We send to numbers of the United States (+1)."))
  #expect(test.verifier.sentAgain.isEmpty)
}
