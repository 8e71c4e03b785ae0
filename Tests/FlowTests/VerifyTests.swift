import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test func `the right PIN verifies the account`() async throws {
  let test = try TestSite()
  let response = await test.verify(try await test.token(), pin: " 123-456 ")
  #expect(response.status == .ok)
  #expect(response.heading == "Account verified!")
  #expect(response.text.contains(#"href="/">Continue</a>"#))
  #expect(test.verifier.checked.map(\.code.digits) == ["123456"])
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.test])
}

@Test func `a wrong PIN shows the form again with the same pending request`() async throws {
  let test = try TestSite()
  let token = try await test.token("+1 (202) 555.0143")
  test.verifier.onCheck(.success(.wrongCode))
  let response = await test.verify(token)
  #expect(response.status == .unprocessableContent)
  #expect(response.token == token)
  #expect(response.title == "Error: Enter your PIN – Acme")
  #expect(response.text.contains("That PIN is not right."))
  #expect(response.text.contains("<a href=\"#pin\">"))
  #expect(response.text.contains(#"aria-invalid="true" aria-describedby="pin-error pin-hint""#))
  #expect(response.text.contains(#"role="alert""#))
  #expect(response.text.contains("+1 202-555-0143"))
  test.verifier.onCheck(.success(.verified))
  #expect(await test.verify(token).heading == "Account verified!")
}

@Test(arguments: ["", "+", "%20"])
func `without a PIN nobody is asked`(pin: String) async throws {
  let test = try TestSite()
  let token = try await test.token()
  let response = await test.post("/verify", "requestId=\(token)&pin=\(pin)")
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("Enter the PIN from the message."))
  #expect(response.token == token)
  #expect(test.verifier.checked.isEmpty)
}

@Test(arguments: ["12345", "1234567", "12345a", "abcdef"])
func `what cannot be the PIN costs no try`(pin: String) async throws {
  let test = try TestSite()
  let response = await test.verify(try await test.token(), pin: pin)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("Enter the 6 digits from the message, like 123 456."))
  #expect(test.verifier.checked.isEmpty)
}

@Test(arguments: [
  "١٢٣٤٥٦", "123–456", "123.456\r\n", "G-123456 is your Acme code. Good for 5 minutes.", "1, 2, 3, 4, 5, 6",
])
func `a PIN is read as people paste it`(pin: String) async throws {
  let test = try TestSite()
  #expect(await test.verify(try await test.token(), pin: pin).heading == "Account verified!")
  #expect(test.verifier.checked.map(\.code.digits) == ["123456"])
}

@Test(arguments: ["123456 654321", "123456 or 654321?"])
func `of two numbers none is tried`(pin: String) async throws {
  let test = try TestSite()
  let response = await test.verify(try await test.token(), pin: pin)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("There is more than one number here."))
  #expect(!response.text.contains("654321"))
  #expect(test.verifier.checked.isEmpty)
}

@Test func `what cannot be read is never counted as a try`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  for pin in ["12345", "123456 654321", "hello", "\u{200B}", String(repeating: "1 ", count: 1_000)] {
    for _ in 0..<5 { #expect(await test.verify(token, pin: pin).status == .unprocessableContent) }
  }
  #expect(await test.verify(token).heading == "Account verified!")
}

@Test func `too many wrong PINs have their own page and a way on`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.verifier.onCheck(.success(.tooManyWrongCodes))
  let response = await test.verify(token)
  #expect(response.status == .gone)
  #expect(response.heading == "Too many wrong PINs")
  #expect(response.text.contains(#"href="./">Start again</a>"#))
  #expect(response.token == nil)
}

@Test func `a second right PIN is told that it was used`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  #expect(await test.verify(token).status == .ok)
  // Vonage does not know a verified request any more.
  test.verifier.onCheck(.success(.gone))
  let response = await test.verify(token)
  #expect(response.status == .gone)
  #expect(response.heading == "This PIN was already used")
  #expect(response.text.contains("nothing more to do"))
}

@Test(arguments: [(299, "This PIN was already used"), (300, "This PIN has expired")])
func `a request that is gone was used before its PIN's time and expired after it`(age: Int, heading: String)
  async throws
{
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(age))
  test.verifier.onCheck(.success(.gone))
  let response = await test.verify(token)
  #expect(response.status == .gone)
  #expect(response.heading == heading)
  #expect(response.text.contains("nothing more to do"))
  #expect(response.text.contains(">Start again</a>"))
}

@Test func `a joined request that is gone may be either, and the page says so`() async throws {
  let test = try TestSite()
  // The answer to the first message was lost.
  test.verifier.onStart(.failure(VerifierFailure(.timedOut, detail: "detail")))
  _ = await test.post("/register", "number=12025550143")
  test.clock.advance(by: .seconds(60))
  test.verifier.onStart(.success(.alreadyRunning(.test)))
  let token = try await test.token()
  test.verifier.onCheck(.success(.gone))
  #expect(await test.verify(token).heading == "This PIN is no longer good")
  test.verifier.onCheck(.success(.wrongCode))
  #expect(await test.verify(token).text.contains("wrong or too old"))
}

@Test(arguments: [(299, "That PIN is not right."), (300, "That PIN is wrong or too old.")])
func `a wrong PIN may be an old one once its time is over`(age: Int, words: String) async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(age))
  test.verifier.onCheck(.success(.wrongCode))
  #expect(await test.verify(token).text.contains(words))
}

@Test(arguments: [(599, true), (600, false), (-60, true), (-61, false)])
func `an attempt ends ten minutes after its message, and when the clock was set back`(age: Int, isAsked: Bool)
  async throws
{
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(age))
  let response = await test.verify(token)
  #expect(test.verifier.checked.isEmpty == !isAsked)
  #expect(response.heading == (isAsked ? "Account verified!" : "This PIN has expired"))
}

@Test(arguments: ["requestId=&pin=123456", "pin=123456", "requestId=abcdef&pin=123456"])
func `a form that is not ours has its own page`(body: String) async throws {
  let test = try TestSite()
  let response = await test.post("/verify", body)
  #expect(response.status == .badRequest)
  #expect(response.heading == "We do not recognize this form")
  #expect(response.text.contains(">Start again</a>"))
  #expect(test.verifier.checked.isEmpty)
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a failure at the check keeps the pending request`(kind: VerifierFailure.Kind) async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.verifier.onCheck(.failure(VerifierFailure(kind, detail: "PROVIDER SAYS")))
  let response = await test.verify(token)
  #expect([.badGateway, .gatewayTimeout, .serviceUnavailable].contains(response.status))
  #expect(!response.text.contains("PROVIDER SAYS"))
  #expect(response.token == token || response.heading == "Not available right now")
}

@Test func `the verified visitor goes on where the owner says`() async throws {
  let settings = FlowSettings(identity: "x", continueURL: "https://shop.example/?a=1&b=2")
  let test = try TestSite(settings: settings)
  let response = await test.verify(try await test.token())
  #expect(response.text.contains(#"href="https://shop.example/?a=1&amp;b=2""#))
}

@Test func `a code is as long as the provider makes it`() async throws {
  let verifier = ScriptedVerifier(
    capabilities: VerifierCapabilities(codeLength: 4...4, codeLifetime: .seconds(120), channels: [.text]))
  let test = try TestSite(verifier: verifier)
  let token = try await test.token()
  #expect(await test.verify(token, pin: "123456").status == .unprocessableContent)
  #expect(verifier.checked.isEmpty)
  _ = await test.verify(token, pin: "1 2 3 4")
  #expect(verifier.checked.map(\.code.digits) == ["1234"])
}

@Test func `a code is good for as long as the provider lets it be`() async throws {
  let verifier = ScriptedVerifier(
    capabilities: VerifierCapabilities(codeLength: 6...6, codeLifetime: .seconds(120), channels: [.text]))
  let page = await (try TestSite(verifier: verifier)).post("/register", "number=12025550143")
  #expect(page.text.contains("It is good for 2 minutes."))
}

@Test func `the provider gets the whole attempt to check a code by`() async throws {
  let test = try TestSite()
  _ = await test.verify(try await test.token(), pin: "123456")
  let attempt = try #require(test.verifier.checked.first?.attempt)
  #expect(attempt.requestID == .test && attempt.number.digits == "12025550143" && attempt.sends == 1)
}
