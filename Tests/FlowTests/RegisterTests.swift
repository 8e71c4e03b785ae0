import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test func `a number gets a message and the PIN form`() async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=%2B1+202+555-0143")
  #expect(response.status == .ok)
  #expect(response.heading == "Enter your PIN")
  #expect(response.text.contains("<strong class=\"number\">+1 202-555-0143</strong>"))
  #expect(response.text.contains("It is good for 5 minutes."))
  #expect(response.text.contains(#"<form method="post" action="verify">"#))
  #expect(response.token != nil)
  #expect(test.verifier.started.map(\.number.digits) == ["12025550143"])
}

@Test func `the visitor's languages reach the provider, best first`() async throws {
  let test = try TestSite()
  _ = await test.post("/register", "number=12025550143", ["HTTP_ACCEPT_LANGUAGE": "en;q=0.5, de-AT"])
  #expect(test.verifier.started.map(\.languages) == [["de-at", "en"]])
}

@Test(arguments: ["", "number=", "number=+%09+", "other=12025550143"])
func `without a number the form comes again`(body: String) async throws {
  let test = try TestSite()
  let response = await test.post("/register", body)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("Enter your mobile number."))
  #expect(test.verifier.started.isEmpty)
}

@Test(arguments: ["hello", "12+34567890", "+", "202-555-0143x!"])
func `what is no number stays in the field with a hint at how to write one`(number: String) async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=\(number.formEncoded)")
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("value=\"\(number)\""))
  #expect(response.text.contains("like +1 202 555 0143"))
  #expect(test.verifier.started.isEmpty)
}

@Test(arguments: [
  (SendOutcome.badNumber, "with its country code"), (.unsupportedDestination, "cannot reach"),
  (.blocked, "cannot send"),
])
func `a number that the provider refuses stays in the field`(outcome: SendOutcome, words: String) async throws {
  let test = try TestSite()
  test.verifier.onStart(.success(outcome))
  let response = await test.post("/register", "number=12025550143")
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains(words))
  #expect(response.text.contains(#"value="12025550143""#))
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a failure of the provider keeps the number and blames nobody else`(kind: VerifierFailure.Kind) async throws {
  let test = try TestSite()
  test.verifier.onStart(.failure(VerifierFailure(kind, detail: "PROVIDER SAYS")))
  let response = await test.post("/register", "number=12025550143")
  #expect([.badGateway, .gatewayTimeout, .serviceUnavailable].contains(response.status))
  #expect(!response.text.contains("PROVIDER SAYS"))
  #expect(response.title?.hasPrefix("Error: ") == true)
  let hasForm = response.text.contains(#"action="register""#)
  #expect(hasForm == response.text.contains(#"value="12025550143""#))
  #expect(hasForm || response.heading == "Not available right now")
  #expect(test.log.lines.last?.metadata["detail"] == "PROVIDER SAYS")
}

@Test func `the provider's own time to wait is passed on, an hour at the most and a second at the least`() async throws
{
  for (asked, told) in [(Duration.seconds(42), "42"), (.seconds(3601), "3600"), (.zero, "1")] {
    let test = try TestSite()
    test.verifier.onStart(.failure(VerifierFailure(.throttled, detail: "", retryAfter: asked)))
    #expect(await test.post("/register", "number=12025550143").fields[.retryAfter] == told)
  }
}
