import Gateway
import HTTPTypes
import LibPhoneNumber
import Testing
import Verification

@testable import Site

@Test(arguments: [
  ("hello", "in digits, with its country code"), ("+1 202 555 0143 ext. 7", "cannot dial extensions"),
  ("+999 202 555 0143", "No country has this country code"), ("+1 202", "too short"),
  ("555 0143", "area code is missing"), ("+1 202 555 01434", "too long"), ("+1 999 555 0143", "no such number"),
  ("+1 900 555 0143", "extra charges"), ("+1 800 555 0143", "toll-free"), ("+44 7400 123456", "numbers of US (+1)."),
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
  let (address, net) = keys.address(try #require(ClientAddress("192.0.2.1")))
  let counts = try await test.store.counts(of: test.policy.rules(ofAddress: address, net: net), guards: [])
  #expect(counts.allSatisfy { $0.count == 0 })
}

@Test func `the countries that are served are named with their codes`() async throws {
  let test = try TestSite(plan: .serving("US", "GB"))
  let response = await Browser(test).register("+49 1512 3456789")
  #expect(response.text.contains("We can only send to numbers of US (+1), GB (+44). Enter one of these."))
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
  #expect(response.text.contains("CH (+41), SE (+46) and 2 more. Enter one of these."))
}

@Test func `a country that is no longer served gets no second message`() async throws {
  let page = await Browser(try TestSite(plan: .serving("US", "GB"))).register("+44 7400 123456")
  let test = try TestSite(plan: .serving("US"))
  let response = await test.post("/resend", "requestId=\(try #require(page.token))")
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("We can only send to numbers of US (+1)."))
  #expect(test.verifier.sentAgain.isEmpty)
}
