import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test func `the same browser and number within the cooldown gets the page of the running request`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  #expect(await browser.register().status == .ok)
  // A refresh: the browser has its cookie now, and had none before.
  test.clock.advance(by: .seconds(59))
  let again = await browser.register("202 555 0143")
  #expect(again.status == .ok)
  #expect(again.heading == "Enter your PIN")
  #expect(again.text.contains("so we did not send another"))
  #expect(try await browser.verify(again).heading == "Account verified!")
  #expect(test.verifier.started.count == 1)
}

@Test func `after the cooldown it is a new message`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  _ = await browser.register()
  test.clock.advance(by: .seconds(60))
  #expect(!(await browser.register()).text.contains("did not send another"))
  #expect(test.verifier.started.count == 2)
}

@Test func `another browser within the cooldown is told to wait`() async throws {
  let test = try TestSite()
  _ = await Browser(test).register()
  let other = await Browser(test, at: "198.51.100.1").register()
  #expect(other.status == .tooManyRequests)
  #expect(other.retryAfter == "60")
  #expect(other.text.contains("We cannot send another message to this number yet. Try again in 1 minute."))
  #expect(test.verifier.started.count == 1)
}

@Test func `a later form sends once, whenever it comes again`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let form = await browser.post("/register", "number=12").form
  #expect(form != nil)
  #expect(await browser.register(form: form).status == .ok)
  test.clock.advance(by: .seconds(200))
  let again = await browser.register(form: form)
  #expect(again.status == .ok && again.text.contains("so we did not send another"))
  #expect(test.verifier.started.count == 1)
  // The same form with the number corrected is another one.
  #expect(await browser.register("+1 202 555 0199", form: form).text.contains("202-555-0199"))
  #expect(test.verifier.started.count == 2)
}

/// A site's own form may have a field of that name.
@Test(arguments: ["form=contact&form=%@", "form=%@&form=contact", "form=a&form=%@&form=", "form=%@"])
func `what a form carries is found among fields of the same name`(fields: String) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let form = try #require(await browser.post("/register", "number=12").form)
  let body = "number=%2B12025550143&" + fields.replacing("%@", with: form)
  #expect(await browser.post("/register", body).status == .ok)
  test.clock.advance(by: .seconds(200))
  let again = await browser.post("/register", body)
  #expect(again.status == .ok && again.text.contains("so we did not send another"))
  #expect(test.verifier.started.count == 1)
}

@Test func `fields of the same name that carry nothing are passed over`() async throws {
  let test = try TestSite()
  #expect(await test.post("/register", "number=12025550143&form=contact&form=newsletter").status == .ok)
}

@Test func `the first form carries no nonce, and a forged one counts as none`() async throws {
  let test = try TestSite()
  #expect(await test.get("/").form == nil)
  #expect(await Browser(test).register(form: "AAAA").status == .ok)
}

@Test func `a second click waits for the answer to the first`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let (answered, answer) = AsyncStream.makeStream(of: Void.self)
  let (began, begin) = AsyncStream.makeStream(of: Void.self)
  test.verifier.meanwhile {
    begin.finish()
    for await _ in answered {}
  }
  let first = Task { await browser.register() }
  for await _ in began {}
  let done = Done()
  test.pauses.meanwhile { _ in
    answer.finish()
    while !done.isSet { await Task.yield() }
  }
  let second = Task { await browser.register() }
  #expect(await first.value.status == .ok)
  done.set()
  let page = await second.value
  #expect(page.status == .ok && page.text.contains("so we did not send another"))
  #expect(test.verifier.started.count == 1)
}

@Test func `a message that takes long is not sent a second time, and the page says so`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let (answered, answer) = AsyncStream.makeStream(of: Void.self)
  let (began, begin) = AsyncStream.makeStream(of: Void.self)
  test.verifier.meanwhile {
    begin.finish()
    for await _ in answered {}
  }
  let first = Task { await browser.register() }
  for await _ in began {}
  let second = await browser.register()
  #expect(second.status == .conflict)
  #expect(second.text.contains("We are still sending your message."))
  #expect(test.pauses.all == Flow.backoff)
  // Its process died, as far as the store knows.
  test.clock.advance(by: .seconds(30))
  let third = await browser.register()
  #expect(third.status == .badGateway)
  #expect(third.text.contains("got no clear answer"))
  #expect(test.verifier.started.count == 1)
  answer.finish()
  #expect(await first.value.status == .ok)
}

@Test func `a message whose visitor is answered before the store knows of it is not sent a second time`() async throws {
  let test = try TestSite()
  let first = await test.site.respond(to: .make(.post, "/register", body: .bytes(Array("number=12025550143".utf8))))
  #expect(first.heading == "Enter your PIN")
  let second = await test.post("/register", "number=12025550143")
  #expect(second.status == .conflict && test.pauses.all == Flow.backoff)
  await first.afterwards?()
  let third = await test.post("/register", "number=12025550143")
  #expect(third.status == .ok && third.heading == "Enter your PIN")
  #expect(test.verifier.started.count == 1)
}

@Test(arguments: VerifierFailure.Kind.allCases.filter { !VerifierFailure($0, detail: "").isCertainlyNotSent })
func `whoever presses again too soon after no clear answer is told how long that is of no use, and then it is of use`(
  kind: VerifierFailure.Kind
) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  test.verifier.onStart(.failure(VerifierFailure(kind, detail: "detail")))
  let first = await browser.register()
  #expect(first.retryAfter == "60")
  #expect(first.text.contains("in 1 minute") == (kind != .unknownStatus))
  test.verifier.onStart(.success(.sent(.test)))
  test.clock.advance(by: .seconds(59))
  let second = await browser.register()
  #expect(second.retryAfter == "1" && second.status == first.status)
  #expect(second.text.contains("in 1 second") == (kind != .unknownStatus))
  test.clock.advance(by: .seconds(1))
  #expect(await browser.register().heading == "Enter your PIN")
  #expect(test.verifier.started.count == 2)
  // The same on the page of a PIN, where the next one may come sooner.
  let other = Browser(test, at: "198.51.100.8")
  let form = await other.register("+1 202 555 0145")
  test.clock.advance(by: .seconds(30))
  test.verifier.onSendAgain(.failure(VerifierFailure(kind, detail: "detail")))
  let failed = try await other.press("resend", on: form)
  #expect(failed.retryAfter == "60")
  guard kind != .unknownStatus else { return }
  test.clock.advance(by: .seconds(59))
  #expect(try await other.press("resend", on: failed).retryAfter == "1")
  test.verifier.onSendAgain(.success(.sent(.second)))
  test.clock.advance(by: .seconds(1))
  #expect(try await other.press("resend", on: failed).status == .ok)
}

@Test func `whoever got no clear answer waits for none of what is given back with it`() async throws {
  var policy = LimitsPolicy()
  policy.limits[.netDay] = Limit(1, per: .seconds(86_400))
  policy.limits[.prefix4Ration] = Limit(5, per: .seconds(86_400))
  policy.grace = .zero
  policy.sharesBudget = false
  let test = try TestSite(policy: policy)
  #expect(await Browser(test, at: "198.51.100.1").register("+1 202 555 0144").status == .ok)
  test.clock.advance(by: .seconds(1))
  let browser = Browser(test)
  test.verifier.onStart(.failure(VerifierFailure(.timedOut, detail: "detail")))
  #expect(await browser.register().retryAfter == "60")
  test.verifier.onStart(.success(.sent(.test)))
  test.clock.advance(by: .seconds(60))
  let page = await browser.register()
  #expect(page.heading == "Enter your PIN")
  // Two of the range have to drip away now, for longer than an attempt lives, and the page says so.
  #expect(page.text.contains("We cannot send another message for this PIN."))
}

@Test func `a provider that wants to be left alone for longer is left alone for longer`() async throws {
  let test = try TestSite()
  test.verifier.onStart(.failure(VerifierFailure(.httpError, detail: "HTTP 503", retryAfter: .seconds(600))))
  #expect(await Browser(test).register().retryAfter == "600")
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a first message whose answer was lost stays counted; one that was refused is given back`(
  kind: VerifierFailure.Kind
) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let failure = VerifierFailure(kind, detail: "detail")
  test.verifier.onStart(.failure(failure))
  let first = await browser.register()
  #expect([502, 503, 504].contains(first.status.code))
  #expect(try await test.sends() == (failure.isCertainlyNotSent ? 0 : 1))
  test.verifier.onStart(.success(.sent(.test)))
  let second = await browser.register()
  #expect(second.status == (failure.isCertainlyNotSent ? .ok : first.status))
  #expect(test.verifier.started.count == (failure.isCertainlyNotSent ? 2 : 1))
}

@Test(arguments: [SendOutcome.alreadyRunning(.second), .badNumber, .unsupportedDestination, .blocked])
func `what the provider did not send is not counted`(outcome: SendOutcome) async throws {
  let test = try TestSite()
  test.verifier.onStart(.success(outcome))
  _ = await Browser(test).register()
  #expect(try await test.sends() == 0)
}

@Test func `too many wrong PINs, and starting again within the cooldown says when`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  for _ in 0..<3 { _ = try await browser.verify(page) }
  let early = await browser.register()
  #expect(early.status == .tooManyRequests && early.retryAfter == "60")
  #expect(early.text.contains("Your last PIN is no longer good."))
  test.clock.advance(by: .seconds(60))
  #expect(await browser.register().status == .ok)
}

@Test func `a thousand at once for one number send one message`() async throws {
  let test = try TestSite()
  let statuses = await withTaskGroup(of: Int.self) { group in
    for index in 0..<1000 {
      group.addTask { await Browser(test, at: "10.\(index / 250).\(index % 250).1").register().status.code }
    }
    return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
  #expect(statuses == [200: 1, 429: 999])
  #expect(test.verifier.started.count == 1)
}

@Test func `a thousand clicks of one browser send one message and all get its page`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  _ = await browser.post("/register", "number=")
  test.pauses.meanwhile { _ in
    try? await Task.sleep(for: .milliseconds(10))  // lets the first go on; nothing is expected of the time
  }
  let pages = await withTaskGroup(of: Response.self) { group in
    for _ in 0..<1000 { group.addTask { await browser.register() } }
    return await group.reduce(into: []) { $0.append($1) }
  }
  #expect(test.verifier.started.count == 1)
  #expect(pages.allSatisfy { $0.heading == "Enter your PIN" || $0.status == .conflict })
}

/// A flag. Safe to share: it only ever goes up, behind the actor's lock of its stream.
private final class Done: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream(of: Void.self) }

  func set() { continuation.finish() }
  var isSet: Bool {
    if case .terminated = continuation.yield() { true } else { false }
  }
}

@Test func `a browser is known by its cookie, wherever it is`() async throws {
  let test = try TestSite()
  let cookie = ["HTTP_COOKIE": "pingate-browser=AAAAAAAAAAAAAAAAAAAAAA"]
  _ = await test.post("/register", "number=12025550143", cookie)
  let elsewhere = cookie.merging(["REMOTE_ADDR": "198.51.100.1"]) { $1 }
  #expect(await test.post("/register", "number=12025550143", elsewhere).status == .ok)
  #expect(test.verifier.started.count == 1)
}

@Test(arguments: [SendOutcome.alreadyRunning(.second), .badNumber, .unsupportedDestination, .blocked])
func `what the provider refused is not reserved to the number, but asking for ever costs whoever asks`(
  outcome: SendOutcome
) async throws {
  let test = try TestSite()
  test.verifier.onStart(.success(outcome))
  let browser = Browser(test)
  for _ in 0..<3 { #expect(!(await browser.register()).text.contains("from your connection")) }
  let fourth = await browser.register()
  #expect(
    fourth.text.contains("from your connection") && fourth.status == .tooManyRequests && fourth.retryAfter == "60")
  #expect(test.verifier.started.count == 3)
  #expect(try await test.sends() == 0)
  // Nobody else is held up by it.
  test.verifier.onStart(.success(.sent(.test)))
  #expect(await Browser(test, at: "198.51.100.1").register().status == .ok)
}

@Test(arguments: [VerifierFailure.Kind.throttled, .cannotProcess, .notPermitted])
func `a number that the provider fails at each time costs whoever asks for ever, and nobody else`(
  kind: VerifierFailure.Kind
) async throws {
  let test = try TestSite()
  test.verifier.onStart(.failure(VerifierFailure(kind, detail: "detail")))
  let browser = Browser(test)
  for _ in 0..<3 { #expect(await browser.register().status != .tooManyRequests) }
  let fourth = await browser.register()
  #expect(fourth.text.contains("from your connection") && fourth.retryAfter == "60")
  #expect(test.verifier.started.count == 3)
  #expect(try await test.sends() == 0)
  test.verifier.onStart(.success(.sent(.test)))
  #expect(await Browser(test, at: "198.51.100.1").register().status == .ok)
}

@Test func `an outage of the provider's costs the visitor nothing`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  for kind in [
    VerifierFailure.Kind.unreachable, .notReachedInTime, .untrustedCertificate, .badCredentials, .quotaExceeded,
    .overloaded,
  ] {
    test.verifier.onStart(.failure(VerifierFailure(kind, detail: "detail")))
    for _ in 0..<5 { #expect(await browser.register().status != .tooManyRequests) }
  }
  test.verifier.onStart(.success(.sent(.test)))
  #expect(await browser.register().heading == "Enter your PIN")
}

@Test func `a form that is older than its nonce is remembered sends nothing, and is shown anew`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let form = await browser.post("/register", "number=12").form
  test.clock.advance(by: .seconds(3539))
  #expect(await browser.register(form: form).heading == "Enter your PIN")
  test.clock.advance(by: .seconds(1))
  let old = await browser.register(form: form)
  #expect(old.status == .conflict)
  #expect(old.heading == "Verify your phone number" && old.text.contains(#"value="+1 202 555 0143""#))
  #expect(old.text.contains("This form has been open for a long time, so we sent nothing."))
  #expect(test.verifier.started.count == 1)
  // The form that it is shown anew in is good.
  test.clock.advance(by: .seconds(60))
  #expect(await browser.register(form: old.form).heading == "Enter your PIN")
  #expect(test.verifier.started.count == 2)
}

@Test func `a form from the future is shown anew too: the clock was set back`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let form = await browser.post("/register", "number=12").form
  test.clock.advance(by: .seconds(-61))
  #expect(await browser.register(form: form).status == .conflict)
  #expect(test.verifier.started.isEmpty)
}
