import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// The page of a PIN that came by this, for an outcome.
private func page(_ outcome: Outcome, by channel: Channel, takesMessages: Bool = true, wait: Duration? = nil) -> String
{
  let context = RequestContext(.html)
  context.arguments.pinForm = OutcomeArguments.PINForm(
    token: "TOKEN", channel: channel, lifetime: .over, next: .after(.seconds(30)), codeLength: 6...6,
    takesMessages: takesMessages)
  context.arguments.triesLeft = 2
  context.wait = wait
  let conclusion = Concluder(log: RecordedLog().logger()).conclude(outcome, context)
  return Pages(brand: Brand()).response(to: conclusion).text
}

private let outcomesOfPINPages = Outcome.all.filter {
  if case .pinForm = OutcomeRow($0).page { true } else { false }
}

/// What is read of a page: neither its script nor its markup.
private func words(_ page: String) -> String {
  page.replacing(/<script>[^§]*?<\/script>/, with: "").replacing(/<[^>]*>/, with: " ")
}

@Test(arguments: outcomesOfPINPages)
func `the page of a call speaks of calls, and that of a message of messages`(outcome: Outcome) {
  let call = words(page(outcome, by: .call)).replacing("Send a text message instead", with: "")
    .replacing("You can send it again in 30 seconds.", with: "")
  #expect(call.firstMatch(of: /(?i)message|\bsen[dt]\b|[{}|]/) == nil, "\(call)")
  #expect(call.contains("Call again") && call.contains("The 6 digits that the voice says"))
  let text = words(page(outcome, by: .text)).replacing("Call me", with: "")
  #expect(text.firstMatch(of: /(?i)\bcalls?\b|voice|[{}|]/) == nil, "\(text)")
  #expect(text.contains("Send again"))
}

@Test func `who gets no text messages is offered none`() {
  #expect(page(.sent, by: .call).contains("Send a text message instead"))
  #expect(!page(.sent, by: .call, takesMessages: false).contains("text message"))
}

@Test(arguments: outcomesOfPINPages, [Channel.text, .call])
func `a page names just one time to wait, and the tries that are left once`(outcome: Outcome, channel: Channel) {
  let text = words(page(outcome, by: channel, wait: .seconds(3600)))
  let times = text.matches(of: /\d+ (second|minute|hour)s?/).map { String($0.0) }
  #expect(times.count == 1, "\(text)")
  #expect(text.matches(of: /tries left/).count == (OutcomeRow(outcome).code.hasPrefix("check.wrong") ? 1 : 0))
}

/// A page, and what a button of it that fails is told as.
private let failures: [(page: String, button: String, words: String)] = [
  ("resend", "call", "We could not call you just now. Try again in 5 seconds."),
  ("resend", "resend", "We could not send another message just now. Try again in 5 seconds."),
  ("call", "call", "We could not call you just now. Try again in 5 seconds."),
  ("call", "resend", "We could not send another message just now. Try again in 5 seconds."),
]

@Test(arguments: failures.indices)
func `a failure is told of what was asked for, and the page stays that of the PIN that came`(index: Int) async throws {
  let (way, button, words) = failures[index]
  let test = try TestSite()
  let browser = Browser(test)
  var page = await browser.register()
  test.clock.advance(by: .seconds(31))
  page = try await browser.press(way, on: page)
  #expect(page.status == .ok)
  test.clock.advance(by: .seconds(61))
  test.verifier.onSendAgain(.failure(VerifierFailure(.throttled, detail: "")))
  let failed = try await browser.press(button, on: page)
  #expect(failed.status == .serviceUnavailable && failed.text.contains(words), "\(failed.text)")
  #expect(failed.text.contains("Call again") == (way == "call"))
}

@Test func `a call that the running request goes on with is a call`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  test.verifier.onSendAgain(.success(.sent(.test)))
  let call = try await browser.press("call", on: page)
  #expect(call.text.contains("We are calling you now.") && call.text.contains("We are calling <strong"))
  test.clock.advance(by: .seconds(61))
  let text = try await browser.press("resend", on: call)
  #expect(text.text.contains("We sent another message.") && text.text.contains("We sent a message with a 6-digit PIN"))
}

@Test func `the first call is spoken of as a call when it fails`() async throws {
  let words: [(VerifierFailure.Kind, String)] = [
    (.timedOut, "We asked for your call but got no clear answer."),
    (.unreachable, "We could not call you just now. Wait a moment and try again."),
    (.throttled, "We could not call you just now. Try again in 5 seconds."),
  ]
  for (kind, words) in words {
    let test = try TestSite(plan: .serving("GB"))
    test.verifier.onStart(.failure(VerifierFailure(kind, detail: "")))
    let page = await Browser(test).register("+44 20 7946 0018", by: "call")
    #expect(page.text.contains(words), "\(page.text)")
  }
  let test = try TestSite(
    policy: LimitsPolicy(limits: [.addressMinute: Limit(1, per: .seconds(300))]), plan: .serving("GB"))
  _ = await Browser(test).register("+44 20 7946 0018", by: "call")
  let limited = await Browser(test).register("+44 20 7946 0019", by: "call")
  #expect(limited.text.contains("Many calls were asked for from your connection"), "\(limited.text)")
}

@Test func `send again says that it was sent`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let again = try await browser.press("resend", on: page)
  #expect(again.text.contains("<div class=\"notice\" role=\"status\">\n<p>We sent another message."))
  test.clock.advance(by: .seconds(61))
  test.verifier.onSendAgain(.success(.sent(.third)))
  let call = try await browser.press("call", on: again)
  #expect(call.text.contains("<div class=\"notice\" role=\"status\">\n<p>We are calling you now."))
}
