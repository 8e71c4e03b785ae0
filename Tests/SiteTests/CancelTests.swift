import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Site

@Test func `another number ends the running request and shows the form with the number`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let form = try await browser.press("cancel", on: page)
  #expect(form.status == .ok)
  #expect(form.heading == "Verify your phone number")
  #expect(form.text.contains(#"value="+1 202-555-0143""#))
  #expect(form.form != nil)
  #expect(test.verifier.cancelled.map(\.requestID) == [.test])
  let next = await browser.register("+1 202 555 0199", form: form.form)
  #expect(next.heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["12025550143", "12025550199"])
}

@Test func `a request that is too young is cancelled as soon as the provider permits it`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
  let (reached, arrive) = AsyncStream.makeStream(of: Duration.self)
  test.pauses.meanwhile { [verifier = test.verifier] wait in
    verifier.onCancel(.success(.cancelled))
    arrive.yield(wait)
  }
  let form = try await browser.press("cancel", on: page)
  #expect(form.heading == "Verify your phone number")
  var waits = reached.makeAsyncIterator()
  #expect(await waits.next() == .seconds(25))
  while test.verifier.cancelled.count < 2 { await Task.yield() }
  #expect(test.verifier.cancelled.map(\.requestID) == [.test, .test])
}

@Test func `pressed often, it waits once`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
  let (gate, open) = AsyncStream.makeStream(of: Void.self)
  test.pauses.meanwhile { _ in for await _ in gate {} }
  for _ in 0..<5 { #expect(try await browser.press("cancel", on: page).status == .ok) }
  #expect(test.verifier.cancelled.count == 1)
  open.finish()
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a cancel that fails does not hold the visitor up`(kind: VerifierFailure.Kind) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.failure(VerifierFailure(kind, detail: "detail")))
  #expect(try await browser.press("cancel", on: page).heading == "Verify your phone number")
  #expect(test.log.lines.contains { $0.message == "cancel.\(kind.rawValue)" })
}

@Test func `the same number again after a cancel waits for its gap, and never gets the dead page`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let form = try await browser.press("cancel", on: page)
  let early = await browser.register(form: form.form)
  #expect(early.status == .tooManyRequests)
  #expect(early.retryAfter == "29")
  #expect(early.text.contains("You can get a new one for this number in 29 seconds."))
  #expect(test.verifier.started.count == 1)
  test.clock.advance(by: .seconds(29))
  #expect(await browser.register(form: early.form).heading == "Enter your PIN")
  #expect(test.verifier.started.count == 2)
}
