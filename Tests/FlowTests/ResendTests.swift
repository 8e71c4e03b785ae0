import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test func `the PIN page carries the time to wait for its script`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  #expect(page.text.contains(#"id="again" data-seconds="30" data-after="You can send it again in {wait}.""#))
  #expect(page.text.contains(">You can send it again in 30 seconds.</span>"))
  test.clock.advance(by: .seconds(30))
  let later = try await browser.verify(page, pin: "")
  #expect(later.text.contains(#"data-seconds="""#))
  #expect(later.text.contains(">If nothing has come, send it again.</span>"))
}

@Test(arguments: ["resend", "call", "cancel"])
func `only a POST presses a button`(button: String) async throws {
  let test = try TestSite()
  let response = await test.get("/" + button)
  #expect(response.status == .methodNotAllowed && response.fields[.allow] == "POST")
  #expect(await test.post("/" + button, "requestId=x", ["HTTP_SEC_FETCH_SITE": "cross-site"]).status == .forbidden)
  #expect(await test.post("/" + button, "requestId=x").heading == "We do not recognize this form")
  #expect(await test.post("/" + button, "").heading == "We do not recognize this form")
}

@Test func `the PIN page has its buttons as plain forms`() async throws {
  let page = await Browser(try TestSite()).register()
  #expect(page.text.contains(#"<form class="ways" method="post" action="resend">"#))
  for (attribute, label) in [
    ("", "Send again"), (#" formaction="call""#, "Call me"), (#" formaction="cancel""#, "Use another number"),
  ] {
    #expect(page.text.contains("<button class=\"button button-quiet\" type=\"submit\"\(attribute)>\(label)</button>"))
  }
  #expect(!page.text.contains("disabled"))
  #expect(page.text.contains("You can send it again in 30 seconds."))
}

@Test func `a message is sent again after 30 s and not before, and then after 60 s`() async throws {
  var policy = LimitsPolicy()
  policy.limits[.attemptResends] = Limit(2, per: .seconds(86_400))
  let test = try TestSite(policy: policy)
  let browser = Browser(test)
  let first = await browser.register()
  test.clock.advance(by: .seconds(29))
  let early = try await browser.press("resend", on: first)
  #expect(early.status == .tooManyRequests)
  #expect(early.retryAfter == "1")
  #expect(early.text.contains("You can send it again in 1 second."))
  #expect(early.token == first.token)
  #expect(test.verifier.sentAgain.isEmpty)

  test.clock.advance(by: .seconds(1))
  let second = try await browser.press("resend", on: early)
  #expect(second.status == .ok)
  #expect(second.heading == "Enter your PIN")
  #expect(second.text.contains("You can send it again in 1 minute."))
  #expect(test.verifier.sentAgain.map(\.attempt.sends) == [1])

  test.clock.advance(by: .seconds(59))
  let tooEarly = try await browser.press("resend", on: second)
  #expect(tooEarly.status == .tooManyRequests && tooEarly.retryAfter == "1")
  test.clock.advance(by: .seconds(1))
  let third = try await browser.press("resend", on: second)
  #expect(third.status == .ok)
  #expect(third.text.contains("We cannot send another message for this PIN."))
  #expect(test.verifier.sentAgain.map(\.attempt.requestID) == [.test, .second])
  #expect(test.verifier.sentAgain.map(\.attempt.id) == [.test, .test])

  // Two resends a visit, as the policy has it here.
  test.clock.advance(by: .seconds(120))
  let fourth = try await browser.press("resend", on: third)
  #expect(fourth.status == .tooManyRequests)
  #expect(fourth.text.contains("We cannot send any more for this PIN."))
  #expect(fourth.retryAfter == String(86_400 - 180))
  #expect(test.verifier.sentAgain.count == 2)
}

@Test func `the cooldowns of sending again are 30, 60, 120 and 300 s, each to the second`() async throws {
  // A net of which nothing is known has one message less in its day, and in a range of which nothing is verified.
  var policy = LimitsPolicy()
  policy.limits[.netDay] = nil
  policy.limits[.prefix4Ration] = nil
  let test = try TestSite(policy: policy)
  let browser = Browser(test)
  var page = await browser.register()
  // The default limits let a visit use each cooldown once. An attempt lives for ten minutes: 30 + 60 + 120 + 300 s fit.
  for (sends, cooldown) in [30, 60, 120, 300].enumerated() {
    test.clock.advance(by: .seconds(cooldown - 1))
    #expect(try await browser.press("resend", on: page).retryAfter == "1", "\(cooldown)")
    test.clock.advance(by: .seconds(1))
    page = try await browser.press("resend", on: page)
    #expect(page.status == .ok, "\(cooldown)")
    #expect(test.verifier.sentAgain.count == sends + 1)
  }
}

@Test func `refresh, back, a double click and two tabs send one message`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  let sent = try await browser.press("resend", on: page)
  for wait in [0, 60, 300] {
    test.clock.advance(by: .seconds(wait))
    for button in ["resend", "call", "resend"] {
      let again = try await browser.press(button, on: page)
      #expect(again.status == .ok)
      #expect(again.text.contains("so we did not send another"))
      #expect(again.token != page.token)
    }
  }
  #expect(test.verifier.sentAgain.count == 1)
  // The page that came back works: its PIN is the newer request's.
  _ = try await browser.verify(sent)
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.second])
}

@Test func `another tab with the page from before the resend gets the newer page`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let one = await browser.register()
  let two = await browser.register()
  #expect(two.text.contains("so we did not send another") && two.token != one.token)
  test.clock.advance(by: .seconds(30))
  #expect(try await browser.press("resend", on: one).status == .ok)
  let other = try await browser.press("resend", on: two)
  #expect(other.status == .ok)
  #expect(other.text.contains("so we did not send another"))
  #expect(test.verifier.sentAgain.count == 1)
}

@Test func `a call is one more message, by telephone`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  let call = try await browser.press("call", on: page)
  #expect(call.status == .ok)
  #expect(call.text.contains("We are calling <strong"))
  #expect(test.verifier.sentAgain.map(\.channel) == [.call])
  #expect(test.verifier.started.count == 1)
}

@Test func `a resend does not give wrong PINs back: five for all messages together`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  var page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  #expect(try await browser.verify(page).text.contains("You have 2 tries left."))
  #expect(try await browser.verify(page).text.contains("You have 1 try left."))
  test.clock.advance(by: .seconds(30))
  page = try await browser.press("resend", on: page)
  #expect(try await browser.verify(page).text.contains("You have 2 tries left."))
  #expect(try await browser.verify(page).text.contains("You have 1 try left."))
  test.clock.advance(by: .seconds(60))
  test.verifier.onSendAgain(.success(.sent(.third)))
  page = try await browser.press("resend", on: page)
  // The first one for this code, and the fifth for the attempt.
  #expect(try await browser.verify(page).heading == "Too many wrong PINs")
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).heading == "Too many wrong PINs")
  #expect(test.verifier.checked.count == 5)
}

@Test(arguments: [
  (SendOutcome.tooEarly(.seconds(12)), 429, "in 12 seconds", true),
  (.exhausted, 429, "cannot send another message for now", true),
  (.gone, 410, "nothing more to do", true),
  (.alreadyRunning(.second), 200, "so we did not send another", true),
  (.badNumber, 422, "with its country code", true),
  (.unsupportedDestination, 422, "cannot reach", true),
  (.blocked, 422, "cannot send messages to this number", true),
  (.sent(.test), 200, "Enter your PIN", false),
])
func `what the provider answers has its page, and is given back when nothing was sent`(
  outcome: SendOutcome, status: Int, words: String, isGivenBack: Bool
) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  test.verifier.onSendAgain(.success(outcome))
  let response = try await browser.press("resend", on: page)
  #expect(response.status.code == status)
  #expect(response.text.contains(words))
  #expect(try await test.sends() == (isGivenBack ? 1 : 2))
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a failure keeps the page, and the reservation only when the message may have been sent`(
  kind: VerifierFailure.Kind
)
  async throws
{
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  let failure = VerifierFailure(kind, detail: "detail")
  test.verifier.onSendAgain(.failure(failure))
  let response = try await browser.press("resend", on: page)
  #expect([502, 503, 504].contains(response.status.code))
  #expect(response.token != nil || response.heading == "Not available right now")
  #expect(try await test.sends() == (failure.isCertainlyNotSent ? 1 : 2))
  // What may have been sent is not sent again by the same page.
  test.verifier.onSendAgain(.success(.sent(.test)))
  _ = try await browser.press("resend", on: page)
  #expect(test.verifier.sentAgain.count == (failure.isCertainlyNotSent ? 2 : 1))
}

@Test func `a page that was left open says what to do`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(600))
  for button in ["resend", "call"] {
    let response = try await browser.press(button, on: page)
    #expect(response.status == .gone)
    #expect(response.heading == "This PIN has expired")
    #expect(response.text.contains("Start again and we will send you a new one."))
  }
  #expect(test.verifier.sentAgain.isEmpty)
}

@Test func `the new PIN in the old page is told so, and the page it gets takes it`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let old = await browser.register()
  test.clock.advance(by: .seconds(30))
  _ = try await browser.press("resend", on: old)
  test.verifier.onCheck(.success(.gone))
  let page = try await browser.verify(old)
  #expect(page.status == .unprocessableContent)
  #expect(page.text.contains("We have sent you a newer PIN since."))
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).heading == "Account verified!")
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.test, .second])
}

@Test(arguments: [(2, true), (3, false)])
func `a second or two that the provider still wants are waited for`(seconds: Int, isWaited: Bool) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  test.verifier.onSendAgain(.success(.tooEarly(.seconds(seconds))))
  test.pauses.meanwhile { [verifier = test.verifier] _ in verifier.onSendAgain(.success(.sent(.second))) }
  let response = try await browser.press("resend", on: page)
  #expect(response.status == (isWaited ? .ok : .tooManyRequests))
  #expect(test.pauses.all == (isWaited ? [.seconds(seconds)] : []))
  #expect(try await test.sends() == (isWaited ? 2 : 1))
}

@Test(arguments: [(2, false), (3, true)])
func `sending again far too early costs whoever asks for ever; what a page's time may be off by costs nothing`(
  seconds: Int, isReserved: Bool
) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  test.verifier.onSendAgain(.success(.tooEarly(.seconds(seconds))))
  for _ in 0..<2 { #expect(try await browser.press("resend", on: page).retryAfter == "\(seconds)") }
  // The first message and these two are three in a minute.
  let last = try await browser.press("resend", on: page)
  #expect(last.status == .tooManyRequests && last.text.contains("from your connection") == isReserved)
  #expect(try await test.sends() == 1)
}

@Test func `the time left is that of the PIN: the same request repeats it while it is good, a new one has a new PIN`()
  async throws
{
  let test = try TestSite()
  let browser = Browser(test)
  var page = await browser.register()
  test.clock.advance(by: .seconds(100))
  test.verifier.onSendAgain(.success(.sent(.test)))
  page = try await browser.press("resend", on: page)
  #expect(page.text.contains("It is good for about 4 more minutes."))
  // Its PIN was over by then: the provider made a new one.
  test.clock.advance(by: .seconds(200))
  #expect(try await browser.press("resend", on: page).text.contains("It is good for 5 minutes."))

  let other = try TestSite()
  let first = await Browser(other).register()
  other.clock.advance(by: .seconds(100))
  #expect(try await Browser(other).press("resend", on: first).text.contains("It is good for 5 minutes."))
}

@Test(arguments: ["resend", "call"])
func `what was verified is not sent again, and the provider is not asked`(button: String) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(30))
  #expect(try await browser.verify(page).heading == "Account verified!")
  let again = try await browser.press(button, on: page)
  #expect(again.status == .gone && again.heading == "This PIN was already used")
  #expect(test.verifier.sentAgain.isEmpty)
}

@Test(arguments: [VerifierFailure.Kind.timedOut, .throttled])
func `where the running request was ended and no new one is known, the visitor starts again`(
  kind: VerifierFailure.Kind
) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(40))
  test.verifier.onSendAgain(.failure(VerifierFailure(kind, detail: "detail").afterEndingRequest()))
  let form = try await browser.press("resend", on: page)
  #expect(form.heading == "Verify your phone number" && form.form != nil)
  #expect(form.text.contains(#"value="+1 202-555-0143""#))
  #expect(form.text.contains(kind == .timedOut ? "got no clear answer" : "could not send your message just now"))
  // Not the dead page, while it is too early for a new message.
  let early = await browser.register(form: form.form)
  #expect(early.token == nil)
  // Nor for whoever goes back to it, where the message may have been sent.
  if kind == .timedOut { #expect(try await browser.press("resend", on: page).token == nil) }
  // The new start finds what was sent all the same.
  test.clock.advance(by: .seconds(120))
  test.verifier.onStart(.success(.alreadyRunning(.second)))
  let joined = await browser.register(form: early.form)
  #expect(joined.heading == "Enter your PIN")
  _ = try await browser.verify(joined)
  #expect(test.verifier.checked.map(\.attempt.requestID) == [.second])
}
