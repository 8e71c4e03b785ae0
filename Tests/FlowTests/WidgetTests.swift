import CounterStoreContract
import Gateway
import HTTPTypes
import Limits
import Logging
import Support
import Testing
import Threads
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

private let widget = ChallengeWidget(
  .turnstile, siteKey: "0x4AAA", script: "https://captcha.example/api.js", origins: ["https://captcha.example"])

/// A site that asks a third party.
private func withWidget(_ ask: @escaping @Sendable (String) async -> WidgetFinding) throws -> Attack {
  try Attack(ChallengeSettings(widget: widget, partsOfARound: 4, bits: 4), askWidget: ask)
}

/// The same, where it answers what is told, and the last of that from then on.
private func withWidget(_ findings: [WidgetFinding]) throws -> (Attack, Locked<[String]>) {
  let asked = Locked<[String]>([])
  let attack = try withWidget { response in
    asked.with { texts in
      texts.append(response)
      return findings[min(texts.count, findings.count) - 1]
    }
  }
  return (attack, asked)
}

extension Attack {
  /// What an address, and no browser that has been there before, gets for a response of the widget.
  fileprivate func bring(
    _ response: String, from address: String, for number: String = "+1 202 555 0143"
  ) async -> Response {
    let browser = Browser(test, at: address)
    let page = await browser.register(number)
    return await browser.post("/register", page.filled(["cf-turnstile-response": response]))
  }

  /// How often a limit has counted.
  fileprivate func count(_ id: LimitID, _ key: CounterKey) async throws -> Int {
    try #require(try await store.counts(of: [Rule(id, key, Limit(1_000, per: .hour))]).first).count
  }

  /// Another process with the same store.
  fileprivate func otherProcess(_ ask: @escaping @Sendable (String) async -> WidgetFinding) throws -> TestSite {
    try TestSite(
      settings: FlowSettings(
        identity: "www.example.com", challenge: ChallengeSettings(widget: widget, partsOfARound: 4, bits: 4)),
      store: store, askWidget: ask)
  }

  fileprivate var keys: CounterKeys { test.flow.keys }
  fileprivate func lines(_ code: String) -> [RecordedLog.Line] { test.log.lines.filter { $0.message == code } }
}

extension Response {
  fileprivate var asksForWidget: Bool { text.contains("cf-turnstile") }
}

@Test func `a third party's widget stands in its own page alone, and its word is enough`() async throws {
  let (attack, asked) = try withWidget([.passed])
  let browser = Browser(attack.test)
  let page = await browser.register()
  #expect(page.heading == "One moment, please" && page.puzzle == nil)
  #expect(page.text.contains(#"<div class="cf-turnstile" data-sitekey="0x4AAA">"#))
  let policy = try #require(page.fields[.contentSecurityPolicy])
  #expect(policy.contains("script-src https://captcha.example; frame-src https://captcha.example;"))
  let next = await browser.post("/register", page.filled(["cf-turnstile-response": "good"]))
  #expect(next.heading == "Enter your PIN" && asked.with { $0 } == ["good"])
  #expect(next.fields[.contentSecurityPolicy]?.contains("captcha.example") == false)
  #expect(await attack.test.get("/").fields[.contentSecurityPolicy]?.contains("captcha.example") == false)
}

@Test func `whom the third party refuses is asked again`() async throws {
  let (attack, asked) = try withWidget([.refused("invalid-input-response")])
  let browser = Browser(attack.test)
  let page = await browser.register()
  let again = await browser.post("/register", page.filled(["cf-turnstile-response": "bad"]))
  #expect(again.status == .tooManyRequests && attack.code == "start.challenged_again")
  #expect(again.text.contains("cf-turnstile"))
  #expect(attack.test.log.lines.last?.metadata["reason"] == "invalid-input-response")
  // Without its script there is nothing to ask about.
  #expect(await browser.post("/register", again.filled()).text.contains("cf-turnstile"))
  #expect(asked.with { $0 } == ["bad"] && attack.sent == 0)
}

@Test func `where the third party cannot say, work is asked for instead`() async throws {
  let (attack, _) = try withWidget([.failed("timed_out")])
  let browser = Browser(attack.test)
  let page = await browser.register()
  let work = await browser.post("/register", page.filled(["cf-turnstile-response": "good"]))
  #expect(work.beginsByItself && attack.sent == 0)
  #expect(attack.test.log.lines.suffix(2).map(\.message) == ["challenge.unanswered", "start.challenged"])
  #expect(!attack.test.log.lines.contains { "\($0)".contains("good") })
  #expect(await browser.post("/register", try work.solved()).heading == "Enter your PIN")
}

@Test func `who was asked for a widget can wait in line, and cannot work instead`() async throws {
  let (attack, asked) = try withWidget([])
  let browser = Browser(attack.test)
  let page = await browser.register()
  let solution = WorkPuzzle(parts: 4, bits: 4)!.solution(of: try #require(page.challenge))
  #expect(await browser.post("/register", page.filled(["solution": solution])).status == .tooManyRequests)
  let place = await browser.post("/register", page.filled(["wait": "yes"]))
  #expect(place.heading == "Your place in line")
  attack.clock.advance(by: .seconds(60))
  #expect(await browser.post("/register", place.filled()).heading == "Enter your PIN")
  #expect(asked.with(\.count) == 0)
}

@Test func `the third party is not asked about what is refused or answered anyhow`() async throws {
  let (attack, asked) = try withWidget([.passed])
  let browser = Browser(attack.test)
  let page = await browser.register()
  let form = page.filled(["cf-turnstile-response": "good"])
  // A robot's form.
  let trapped = await browser.post("/register", page.filled(["cf-turnstile-response": "good", "pingate-comment": "x"]))
  #expect(trapped.status == .tooManyRequests && attack.code == "start.automated")
  // More is wanted by now than the widget is worth.
  attack.store.ask(for: 2)
  #expect(await browser.post("/register", form).text.contains("cf-turnstile"))
  attack.store.ask(for: 1)
  #expect(asked.with { $0 } == [] && attack.sent == 0)
  // Its one use is still there.
  #expect(await browser.post("/register", form).heading == "Enter your PIN")
  #expect(asked.with { $0 } == ["good"] && attack.sent == 1)
  // The form that was sent is answered as it was.
  attack.clock.advance(by: .seconds(150))
  #expect(await browser.post("/register", form).heading == "Enter your PIN")
  #expect(asked.with { $0 } == ["good"] && attack.sent == 1)
}

@Test func `the third party is not asked once the attack is over`() async throws {
  let (attack, asked) = try withWidget([])
  let browser = Browser(attack.test)
  let page = await browser.register()
  attack.store.ask(for: nil)
  #expect(await browser.post("/register", page.filled(["cf-turnstile-response": "good"])).heading == "Enter your PIN")
  #expect(asked.with { $0 } == [])
}

@Test func `of a double click the second gets what becomes of the first`() async throws {
  let asked = Locked(0)
  let (isAsked, tellAsked) = AsyncStream.makeStream(of: Void.self)
  let (isWaiting, tellWaiting) = AsyncStream.makeStream(of: Void.self)
  let attack = try withWidget { _ in
    let isFirst = asked.with { count in
      count += 1
      return count == 1
    }
    guard isFirst else { return .refused("timeout-or-duplicate") }
    tellAsked.finish()
    for await _ in isWaiting {}
    return .passed
  }
  let browser = Browser(attack.test)
  let form = await browser.register().filled(["cf-turnstile-response": "good"])
  let first = Task { await browser.post("/register", form) }
  for await _ in isAsked {}
  attack.test.pauses.meanwhile { _ in
    tellWaiting.finish()
    _ = await first.value
  }
  #expect(await browser.post("/register", form).heading == "Enter your PIN")
  #expect(await first.value.heading == "Enter your PIN")
  #expect(asked.with { $0 } == 1 && attack.sent == 1)
}

@Test func `of a double click whose first is refused the second is asked again, too`() async throws {
  let (attack, asked) = try withWidget([.refused("invalid-input-response")])
  let browser = Browser(attack.test)
  let form = await browser.register().filled(["cf-turnstile-response": "bad"])
  #expect(await browser.post("/register", form).status == .tooManyRequests)
  let second = await browser.post("/register", form)
  #expect(second.text.contains("cf-turnstile") && attack.code == "start.challenged_again")
  #expect(attack.test.log.lines.last?.metadata["reason"] == "used")
  #expect(attack.test.pauses.all == Flow.backoff)
  #expect(asked.with { $0 } == ["bad"] && attack.sent == 0)
}

// MARK: Floods

@Test(arguments: [
  ("", "no_response"), (String(repeating: "x", count: 6_001), "too_long"), ("a b", "malformed"),
  ("<script>", "malformed"), ("e\u{301}", "malformed"),
])
func `what no widget gives costs neither a record nor a question`(response: String, reason: String) async throws {
  let (attack, asked) = try withWidget([.passed])
  let page = await attack.bring(response, from: "192.0.2.1")
  #expect(page.asksForWidget && attack.code == "start.challenged_again")
  #expect(attack.test.log.lines.last?.metadata["reason"] == reason)
  #expect(asked.with { $0 } == [] && attack.store.asked.allSatisfy(\.isSend))
}

@Test func `the longest response of all characters that there are is asked about`() async throws {
  let (attack, asked) = try withWidget([.passed])
  let response = String("0.aZ9-_~+/=:P1_eyJ0".prefix(20)) + String(repeating: "x", count: 6_000 - 19)
  #expect(await attack.bring(response, from: "192.0.2.1").heading == "Enter your PIN")
  #expect(asked.with { $0 } == [response])
}

@Test func `a source of bad responses causes so many questions and records, and then waits in line`() async throws {
  let attack = try withWidget { $0.hasPrefix("good") ? .passed : .refused("invalid-input-response") }
  for index in 0..<30 { #expect(await attack.bring("bad\(index)", from: "192.0.2.1").asksForWidget, "\(index)") }
  #expect(attack.code == "start.challenged_again")
  // Somebody else there has a good response: nobody looks at it. But the door is open.
  let neighbor = Browser(attack.test, at: "192.0.2.1")
  let page = await neighbor.register("+1 202 555 0199")
  let place = await neighbor.post("/register", page.filled(["cf-turnstile-response": "good1"]))
  #expect(place.heading == "Your place in line" && attack.code == "start.waiting" && attack.sent == 0)
  #expect(attack.test.log.lines.last?.metadata["reason"] == "too_often")
  attack.clock.advance(by: .seconds(60))
  #expect(await neighbor.post("/register", place.filled()).heading == "Enter your PIN")
  // Nobody there has another place so soon, nor anything else to do.
  for index in 30..<33 {
    let page = await attack.bring("bad\(index)", from: "192.0.2.1")
    #expect(page.status == .tooManyRequests && page.puzzle == nil && !page.asksForWidget)
    #expect(attack.code == "start.limited_shared" && attack.test.log.lines.last?.metadata["reason"] == "too_often")
    #expect(try await attack.count(.requestWrong, attack.keys.widgetResponse("bad\(index)")) == 0)
  }
  #expect(try await attack.count(.requestWrong, attack.keys.widgetResponse("bad29")) == 1)
  // Nobody else notices anything, in the next house or elsewhere.
  for (index, address) in ["192.0.2.2", "198.51.100.1"].enumerated() {
    let other = Browser(attack.test, at: address)
    let page = await other.register("+1 202 555 015\(index)")
    let next = await other.post("/register", page.filled(["cf-turnstile-response": "good-\(index)"]))
    #expect(next.heading == "Enter your PIN", "\(address)")
  }
  // And it is over in an hour.
  attack.clock.advance(by: .hour)
  #expect(await attack.bring("bad", from: "192.0.2.1").asksForWidget)
}

@Test func `a net causes no more than a few addresses do, and a browser less than one`() async throws {
  let (attack, asked) = try withWidget([.refused("invalid-input-response")])
  for index in 0..<310 {
    #expect(await attack.bring("bad\(index)", from: "2001:db8:1:\(index % 20)::1").puzzle == nil, "\(index)")
  }
  #expect(asked.with(\.count) == 300)
  let browser = Browser(attack.test, at: "198.51.100.1")
  var page = await browser.register()
  for index in 0..<6 {
    #expect(page.asksForWidget, "\(index)")
    page = await browser.post("/register", page.filled(["cf-turnstile-response": "other\(index)"]))
  }
  #expect(page.heading == "Your place in line" && asked.with(\.count) == 305)
}

@Test(arguments: [WidgetFinding.refused("invalid-input-response"), .broken(.keys("sitekey-secret-mismatch"))])
func `whoever sends bad responses never gets a puzzle`(finding: WidgetFinding) async throws {
  let attack = try withWidget { $0 == "good" ? .passed : finding }
  #expect(await attack.bring("good", from: "203.0.113.1").heading == "Enter your PIN")
  let long = String(repeating: "x", count: 6_001)
  for index in 0..<40 {
    for response in ["bad\(index)", ["bad0", "good", "", "<", long][index % 5]] {
      let page = await attack.bring(response, from: "192.0.2.1", for: "+1 202 555 0199")
      #expect(page.status == .tooManyRequests && page.puzzle == nil, "\(index) \(response.prefix(9))")
    }
  }
  #expect(attack.sent == 1)
  // The owner is told that responses may have become longer, and not for each of them.
  #expect(attack.lines("challenge.too_long").map { $0.metadata["bytes"] } == ["6001"])
  #expect(attack.lines("challenge.broken").isEmpty && attack.lines("challenge.unanswered").isEmpty)
}

@Test func `whose response fails twice passes with the third`() async throws {
  let (attack, _) = try withWidget([.refused("a"), .refused("b"), .passed])
  let browser = Browser(attack.test)
  var page = await browser.register()
  for index in 0..<3 { page = await browser.post("/register", page.filled(["cf-turnstile-response": "x\(index)"])) }
  #expect(page.heading == "Enter your PIN")
}

@Test func `who passes uses up nothing that neighbors need`() async throws {
  let (attack, _) = try withWidget([.passed, .refused("invalid-input-response")])
  #expect(await attack.bring("good", from: "192.0.2.1").heading == "Enter your PIN")
  let (messages, questions) = (attack.store.asked.filter(\.isSend), attack.store.asked.filter { !$0.isSend })
  let address = try #require(questions.first?.rules.first { $0.id == .addressWrongHour }).key
  #expect(messages.allSatisfy { $0.rules.allSatisfy { $0.key != address } }, "nor tries of a PIN or messages")
  #expect(try await attack.count(.addressWrongHour, address) == 0)
  #expect(await attack.bring("bad", from: "192.0.2.1", for: "+1 202 555 0199").asksForWidget)
  #expect(try await attack.count(.addressWrongHour, address) == 1)
  // The good one is used all the same.
  #expect(await attack.bring("good", from: "198.51.100.1").asksForWidget)
  #expect(attack.test.log.lines.last?.metadata["reason"] == "used")
}

/// A third party that answers when it is told to.
private final class SlowParty: Sendable {
  let asked = Locked(0)
  private let arrivals = AsyncStream.makeStream(of: Void.self)
  private let answers = OneTimeEvent()

  func ask(_ response: String) async -> WidgetFinding {
    asked.with { $0 += 1 }
    arrivals.continuation.yield()
    await answers.wait()
    return .refused("invalid-input-response")
  }

  /// Until so many wait for an answer.
  func wait(for count: Int) async {
    var iterator = arrivals.stream.makeAsyncIterator()
    for _ in 0..<count { await iterator.next() }
  }

  func answer() { answers.happen() }
}

@Test func `a net has four questions under way, and more of it are asked again`() async throws {
  let party = SlowParty()
  let attack = try withWidget { $0.hasPrefix("bad") ? await party.ask($0) : .passed }
  await withTaskGroup { group in
    for index in 0..<4 { group.addTask { await attack.bring("bad\(index)", from: "192.0.2.\(index)") } }
    await party.wait(for: 4)
    let page = await attack.bring("good", from: "192.0.2.77")
    #expect(page.asksForWidget && page.retryAfter == "5")
    #expect(attack.lines("start.challenged_again").last?.metadata["reason"] == "at_once")
    #expect(await attack.bring("elsewhere", from: "198.51.100.1").heading == "Enter your PIN")
    party.answer()
    for await page in group { #expect(page.asksForWidget) }
    // When they are over there is room again: it is looked at whether this one was used.
    #expect(await attack.bring("elsewhere", from: "192.0.2.99").asksForWidget)
    #expect(await attack.bring("good", from: "192.0.2.77", for: "+1 202 555 0199").heading == "Enter your PIN")
  }
  #expect(party.asked.with { $0 } == 4)
}

@Test func `where so many nets ask at once that there is no room, the rest works and is not refused`() async throws {
  let party = SlowParty()
  let attack = try withWidget { $0.hasPrefix("bad") ? await party.ask($0) : .passed }
  await withTaskGroup { group in
    for index in 0..<64 {
      group.addTask { await attack.bring("bad\(index)", from: "198.51.\(index / 4).\(index % 4)") }
    }
    await party.wait(for: 64)
    let browser = Browser(attack.test)
    let page = await browser.register()
    let work = await browser.post("/register", page.filled(["cf-turnstile-response": "good"]))
    #expect(work.puzzle == WorkPuzzle(parts: 16, bits: 4) && work.beginsByItself)
    #expect(attack.lines("start.challenged").last?.metadata["reason"] == "at_once_all")
    #expect(attack.lines("challenge.unanswered").isEmpty)
    let solved = (try? work.solved()) ?? ""
    #expect(await browser.post("/register", solved).heading == "Enter your PIN")
    party.answer()
    await group.waitForAll()
  }
}

@Test func `whoever sends one response over and over makes nobody wait for a place`() async throws {
  let (attack, asked) = try withWidget([.refused("invalid-input-response"), .passed])
  _ = await attack.bring("bad", from: "192.0.2.1")
  let (isFull, tellFull) = AsyncStream.makeStream(of: Void.self)
  let (isOver, pauses) = (OneTimeEvent(), Locked(0))
  attack.test.pauses.meanwhile { _ in
    let pause = pauses.with { count in
      count += 1
      return count
    }
    guard pause <= 4 else { return }
    tellFull.yield()
    await isOver.wait()
  }
  await withTaskGroup { group in
    for index in 0..<4 { group.addTask { _ = await attack.bring("bad", from: "192.0.2.\(index)") } }
    var iterator = isFull.makeAsyncIterator()
    for _ in 0..<4 { await iterator.next() }
    #expect(await attack.bring("bad", from: "192.0.2.9").asksForWidget)
    // Neither of that net nor elsewhere.
    #expect(await attack.bring("good", from: "192.0.2.10").heading == "Enter your PIN")
    isOver.happen()
    await group.waitForAll()
  }
  #expect(asked.with { $0 } == ["bad", "good"])
}

// MARK: Troubles

private let troubles: [WidgetTrouble] = [
  .turnedAway("HTTP 403"), .secret("invalid-input-secret"), .keys("sitekey-secret-mismatch"),
]

@Test(arguments: troubles)
func `a third party that lets nobody pass is told of once an hour, and everybody works`(trouble: WidgetTrouble)
  async throws
{
  let (attack, _) = try withWidget([.broken(trouble)])
  for index in 0..<3 {
    let browser = Browser(attack.test, at: "198.51.\(index).1")
    let page = await browser.register("+1 202 555 015\(index)")
    let work = await browser.post("/register", page.filled(["cf-turnstile-response": "good\(index)"]))
    #expect(work.beginsByItself && work.puzzle == WorkPuzzle(parts: 4, bits: 4))
    #expect(await browser.post("/register", try work.solved()).heading == "Enter your PIN")
  }
  let line = try #require(attack.lines("challenge.broken").first)
  #expect(line.level == .critical && line.metadata["reason"] == trouble.reason)
  #expect(line.metadata["advice"]?.contains("PINGATE_CHALLENGE") == true)
  #expect(attack.lines("challenge.broken").count == 1 && attack.lines("challenge.unanswered").isEmpty)
  attack.clock.advance(by: .seconds(3599))
  _ = await attack.bring("good", from: "203.0.113.1")
  #expect(attack.lines("challenge.broken").count == 1)
  attack.clock.advance(by: .seconds(1))
  _ = await attack.bring("better", from: "203.0.113.1")
  #expect(attack.lines("challenge.broken").count == 2)
}

@Test func `each trouble is told of, also by another process`() async throws {
  let findings = Locked(troubles)
  let ask: @Sendable (String) async -> WidgetFinding = { _ in .broken(findings.with { $0.removeFirst() }) }
  let attack = try withWidget(ask)
  for index in 0..<3 { _ = await attack.bring("good\(index)", from: "192.0.2.1") }
  #expect(attack.lines("challenge.broken").map { $0.metadata["reason"] } == troubles.map(\.reason))
  findings.with { $0 = troubles }
  let other = try attack.otherProcess(ask)
  let browser = Browser(other, at: "198.51.100.1")
  let page = await browser.register()
  #expect(await browser.post("/register", page.filled(["cf-turnstile-response": "x"])).puzzle != nil)
  #expect(findings.with(\.count) == 2 && !other.log.lines.contains { $0.message == "challenge.broken" })
}

@Test func `another site's response is the visitor's own fault where others pass`() async throws {
  let attack = try withWidget { $0 == "foreign" || $0 == "later" ? .broken(.keys("sitekey-secret-mismatch")) : .passed }
  #expect(await attack.bring("good", from: "198.51.100.1").heading == "Enter your PIN")
  let page = await attack.bring("foreign", from: "192.0.2.1")
  #expect(page.asksForWidget && attack.code == "start.challenged_again")
  #expect(attack.lines("challenge.broken").isEmpty)
  // Another process knows it, too.
  let other = try attack.otherProcess { _ in .broken(.keys("sitekey-secret-mismatch")) }
  let browser = Browser(other, at: "192.0.2.77")
  let form = await browser.register("+1 202 555 0199")
  #expect(await browser.post("/register", form.filled(["cf-turnstile-response": "alien"])).asksForWidget)
  #expect(!other.log.lines.contains { $0.message == "challenge.broken" })
  // An hour without anybody who passed later it may be the site's.
  attack.clock.advance(by: .hour)
  #expect(await attack.bring("later", from: "192.0.2.1").puzzle != nil)
  #expect(attack.lines("challenge.broken").count == 1)
}

@Test(arguments: [WidgetFinding.failed("HTTP 200"), .broken(.turnedAway("HTTP 403")), .broken(.keys("mismatch"))])
func `what the third party cannot answer is nobody's bad response`(finding: WidgetFinding) async throws {
  let attack = try withWidget { $0.hasPrefix("bad") ? finding : .passed }
  for index in 0..<40 {
    let page = await attack.bring("bad\(index)", from: "192.0.2.1")
    #expect(page.puzzle == WorkPuzzle(parts: 4, bits: 4), "\(index)")
  }
  // It is not asked about again all the same.
  #expect(await attack.bring("bad0", from: "192.0.2.1").asksForWidget)
  #expect(attack.test.log.lines.last?.metadata["reason"] == "used")
  #expect(await attack.bring("good", from: "192.0.2.1").heading == "Enter your PIN")
}
