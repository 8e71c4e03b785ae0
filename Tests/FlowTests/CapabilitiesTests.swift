import Flow
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Pages

/// What the pages of a provider are like that does not do all that another one does, or does it otherwise.
struct CapabilitiesTests {
  private func verifier(
    _ channels: Set<Channel> = [.text, .call], length: ClosedRange<Int> = 6...6, of provider: Provider = .vonageV1
  ) -> ScriptedVerifier {
    ScriptedVerifier(
      provider: provider,
      capabilities: VerifierCapabilities(codeLength: length, codeLifetime: .seconds(300), channels: channels))
  }

  @Test func `without calls no page has a button for one, and none is made`() async throws {
    let test = try TestSite(verifier: verifier([.text]))
    let page = await test.post("/register", "number=%2B12025550143&channel=call")
    #expect(page.status == .ok && page.text.contains("Send again") && !page.text.contains(#"formaction="call""#))
    #expect(test.verifier.started.map(\.channel) == [.text])
    let token = try #require(page.token)
    let json = await test.post("/verify", "requestId=\(token.formEncoded)&pin=1", ["HTTP_ACCEPT": "application/json"])
    #expect(json.text.contains(#""channels":["text"]"#))
    test.clock.advance(by: .seconds(120))
    // The place is not there.
    #expect(await test.post("/call", "requestId=\(token.formEncoded)").status == .notFound)
    #expect(test.verifier.sentAgain.isEmpty)
    let again = await test.post("/resend", "requestId=\(token.formEncoded)")
    #expect(again.status == .ok && !again.text.contains(#"formaction="call""#))
    #expect(test.verifier.sentAgain.map(\.channel) == [.text])
  }

  @Test func `without calls a landline is told so, and nothing is sent`() async throws {
    let test = try TestSite(plan: .serving("GB"), verifier: verifier([.text]))
    for channel in ["text", "call"] {
      let page = await test.post("/register", "number=%2B442079460018&channel=\(channel)")
      #expect(page.status == .unprocessableContent && page.text.contains("This is a landline"))
      #expect(page.text.contains(#"value="+442079460018""#))
    }
    #expect(test.verifier.started.isEmpty)
  }

  @Test func `a call of before offers no other one once there are none`() async throws {
    let before = try TestSite(plan: .serving("GB"))
    for (number, buttons) in [("+442079460018", ["cancel"]), ("+447400123456", ["resend", "cancel"])] {
      let token = try #require(
        await before.post("/register", "number=\(number.formEncoded)&channel=call").token)
      let now = try TestSite(plan: .serving("GB"), verifier: verifier([.text]), store: before.store)
      let page = await now.verify(token, pin: "1")
      #expect(page.text.contains("Call again") == false)
      #expect(page.text.contains("Send a text message instead") == buttons.contains("resend"))
      #expect(page.text.contains(#"formaction="cancel""#))
    }
    let token = try #require(await before.post("/register", "number=%2B442079460019&channel=call").token)
    let now = try TestSite(plan: .serving("GB"), verifier: verifier([.text]), store: before.store)
    now.clock.advance(by: .seconds(120))
    #expect(await now.post("/resend", "requestId=\(token.formEncoded)").text.contains("This is a landline"))
    #expect(now.verifier.sentAgain.isEmpty)
  }

  @Test(arguments: [(4...4, "4", "4 digits"), (8...8, "8", "8 digits"), (4...6, "4 to 6", "4 to 6 digits")])
  func `a page says how many digits the provider's PINs have`(
    length: ClosedRange<Int>, number: String, digits: String
  ) async throws {
    let test = try TestSite(verifier: verifier(length: length))
    let page = await test.post("/register", "number=12025550143")
    #expect(page.text.contains("a message with a \(number)-digit PIN"))
    #expect(page.text.contains("The \(digits) from the message"))
    let token = try #require(page.token)
    #expect(await test.verify(token, pin: "1").text.contains("Enter the \(digits) from the message, like 1234"))
    #expect(
      await test.verify(token, pin: "a 12345678 b 1234 c 87654321 d 4321").text.contains("Enter only the \(digits)"))
  }

  @Test func `an attempt of another provider begins again, and costs nothing`() async throws {
    let before = try TestSite()
    let page = await before.post("/register", "number=12025550143")
    let token = try #require(page.token)
    let now = try TestSite(verifier: verifier(of: Provider("another")!), store: before.store)
    now.clock.advance(by: .seconds(60))
    for (path, more) in [("/verify", "&pin=123456"), ("/resend", ""), ("/call", "")] {
      let page = await now.post(path, "requestId=\(token.formEncoded)" + more)
      #expect(page.status == .gone && page.heading == "This PIN is no longer good" && page.text.contains("Start again"))
      #expect(now.log.lines.last?.message == "request.provider_changed")
    }
    let form = await now.post("/cancel", "requestId=\(token.formEncoded)")
    #expect(form.status == .ok && form.text.contains("We have dropped your last PIN."))
    #expect(now.verifier.checked.isEmpty && now.verifier.sentAgain.isEmpty && now.verifier.cancelled.isEmpty)
    // The same number again is not answered with the old PIN's page.
    let early = await now.post("/register", "number=12025550143")
    #expect(early.token == nil && now.verifier.started.isEmpty)
    // With the provider of before it goes on.
    #expect(await before.verify(token).text.contains("Account verified!"))
  }

  @Test func `a page of another provider's attempt is not shown again`() async throws {
    let before = try TestSite()
    let address = try #require(
      await before.post("/register", "number=12025550143", ["HTTP_ACCEPT": "text/html", "QUERY_STRING": ""])
        .fields[.location])
    let query = try #require(address.split(separator: "?").last.map(String.init))
    let now = try TestSite(verifier: verifier(of: Provider("another")!), store: before.store)
    let page = await now.get("/verify", ["QUERY_STRING": query])
    #expect(page.status == .gone && page.heading == "This PIN is no longer good")
    #expect(await before.get("/verify", ["QUERY_STRING": query]).heading == "Enter your PIN")
  }

  @Test func `what the owner's account has not costs nobody who asks`() async throws {
    let test = try TestSite()
    test.verifier.onStart(.failure(VerifierFailure(.featureNotEnabled, detail: "detail")))
    for _ in 0..<6 {
      let page = await test.post("/register", "number=12025550143")
      #expect(page.status == .serviceUnavailable && page.heading == "Not available right now")
    }
    #expect(test.verifier.started.count == 6)
  }
}
