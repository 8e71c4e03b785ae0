import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Pages

private let running = SendOutcome.alreadyRunning(.test)

/// A browser whose first message had no answer, a minute later: as it came, or with its cookie by now.
private func waiting(in test: TestSite, withCookie: Bool = false) async -> Browser {
  let browser = Browser(test)
  if withCookie { _ = await browser.post("/register", "number=") }
  test.verifier.onStart(.failure(VerifierFailure(.timedOut, detail: "detail")))
  #expect(await browser.register().status == .gatewayTimeout)
  test.clock.advance(by: .seconds(60))
  test.verifier.onStart(.success(running))
  return browser
}

@Test(arguments: [false, true])
func `a request whose answer was lost is joined, and the page says so and promises no full lifetime`(
  withCookie: Bool
) async throws {
  let test = try TestSite()
  let response = await waiting(in: test, withCookie: withCookie).register()
  #expect(response.status == .ok)
  #expect(response.heading == "Enter your PIN")
  #expect(response.text.contains("We already sent you a message"))
  #expect(response.text.contains(#"role="status""#))
  #expect(!response.text.contains("minutes.") && response.text.contains("a few minutes from when it was sent"))
  #expect(response.title == "Enter your PIN – Acme")
}

@Test func `a request whose process died is joined`() async throws {
  let test = try TestSite()
  let (answered, answer) = AsyncStream.makeStream(of: Void.self)
  let (began, begin) = AsyncStream.makeStream(of: Void.self)
  test.verifier.meanwhile {
    begin.finish()
    for await _ in answered {}
  }
  let browser = Browser(test)
  let first = Task { await browser.register() }
  for await _ in began {}
  test.verifier.meanwhile(nil)
  test.clock.advance(by: .seconds(60))
  test.verifier.onStart(.success(running))
  #expect(await browser.register().heading == "Enter your PIN")
  answer.finish()
  _ = await first.value
}

@Test func `whoever asks for a number with a running request may enter its PIN, and cannot end it`() async throws {
  let test = try TestSite()
  let owner = Browser(test)
  let first = await owner.register()
  test.clock.advance(by: .seconds(60))
  test.verifier.onStart(.success(running))
  let other = Browser(test, at: "198.51.100.1")
  // With neither cookie nor anything sent, and with a cookie.
  for _ in 0..<2 {
    let page = await other.register()
    #expect(page.status == .ok && page.heading == "Enter your PIN")
    #expect(page.text.contains("so we did not send another"))
    #expect(test.log.lines.last?.message == "start.already_running")
    _ = try await other.press("cancel", on: page)
  }
  #expect(test.verifier.cancelled.isEmpty)
  #expect(try await test.sends() == 1)
  #expect(try await owner.verify(first).heading == "Account verified!")
}

@Test func `a page of a message that is over is not shown for the next request of the number`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  _ = await browser.register()
  test.clock.advance(by: .seconds(301))
  test.verifier.onStart(.success(.alreadyRunning(.second)))
  let page = await browser.register()
  #expect(page.heading == "Enter your PIN")
  _ = try await browser.verify(page)
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.second])
}

@Test func `one's own running request comes with the page that it had, tries and all`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let first = await browser.register()
  test.clock.advance(by: .seconds(60))
  test.verifier.onStart(.success(running))
  let page = await browser.register()
  #expect(page.heading == "Enter your PIN" && page.text.contains("so we did not send another"))
  test.verifier.onCheck(.success(.wrongCode))
  _ = try await browser.verify(first)
  _ = try await browser.verify(page)
  #expect(try await browser.verify(first).heading == "Too many wrong PINs")
  // It is this visitor's to end.
  _ = try await browser.press("cancel", on: page)
  #expect(test.verifier.cancelled.map(\.requestID) == [.test])
}

@Test func `a stranger's request does not lock out a browser in which the number was verified`() async throws {
  let test = try TestSite()
  let owner = Browser(test)
  let first = await owner.register()
  let answer = try await owner.verify(first)
  #expect(answer.heading == "Account verified!")
  test.clock.advance(by: .seconds(86_400))
  test.verifier.onStart(.success(.sent(.second)))
  _ = await Browser(test, at: "198.51.100.1").register()
  test.verifier.onStart(.success(.alreadyRunning(.second)))
  let page = await owner.register()
  #expect(page.heading == "Enter your PIN")
  test.verifier.onCheck(.success(.verified))
  #expect(try await owner.verify(page).heading == "Account verified!")
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.test, .second])
}

@Test func `a page that was joined ends nothing at the provider`() async throws {
  let test = try TestSite()
  let browser = await waiting(in: test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let form = try await browser.press("cancel", on: page)
  #expect(form.status == .ok && form.heading == "Verify your phone number" && form.form != nil)
  #expect(test.verifier.cancelled.isEmpty)
}
