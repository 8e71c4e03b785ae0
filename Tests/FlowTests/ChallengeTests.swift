import CounterStoreContract
import Encoding
import Gate
import Gateway
import HTTPTypes
import Limits
import Support
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// A site under attack.
struct Attack {
  let test: TestSite
  let store: AttackedStore

  init(
    _ challenge: ChallengeSettings? = ChallengeSettings(partsOfARound: 4, bits: 4), gate: GateSettings? = nil,
    askWidget: (@Sendable (String) async -> WidgetFinding)? = nil
  ) throws {
    test = try TestSite(
      settings: FlowSettings(identity: "www.example.com", challenge: challenge), wrap: { AttackedStore($0) },
      gate: gate, askWidget: askWidget)
    store = try #require(test.store as? AttackedStore)
    // Half a minute after a place, and a period of places, has begun.
    let second = clock.now.secondsSinceEpoch % 600
    clock.advance(by: .seconds(630 - second))
  }

  var clock: SettableClock { test.clock }
  var sent: Int { test.verifier.started.count + test.verifier.sentAgain.count }
  var code: String? { test.log.lines.last?.message }
}

extension Response {
  /// The values of a page's hidden fields, as a form.
  func filled(_ more: [String: String] = [:]) -> String {
    var values = Dictionary(
      text.matches(of: /<input type="hidden" name="([^"]+)" value="([^"]*)">/).map {
        (String($0.1), String($0.2).replacing("&#39;", with: "'"))
      }
    ) { $1 }
    values.merge(more) { $1 }
    return values.map { "\($0.key)=\($0.value.formEncoded)" }.sorted().joined(separator: "&")
  }

  var challenge: String? { text.firstMatch(of: /name="challenge" value="([^"]+)"/).map { String($0.1) } }

  var puzzle: WorkPuzzle? {
    guard let found = text.firstMatch(of: /data-parts="(\d+)" data-bits="(\d+)"/), let parts = Int(found.1),
      let bits = Int(found.2)
    else { return nil }
    return WorkPuzzle(parts: parts, bits: bits)
  }

  /// The same with the work done.
  func solved() throws -> String {
    let challenge = try #require(challenge)
    return filled(["solution": try #require(puzzle).solution(of: challenge)])
  }

  var beginsByItself: Bool { text.contains(" data-begins>") }
}

@Test func `while nothing is wrong nobody is asked for anything`() async throws {
  let attack = try Attack()
  attack.store.ask(for: nil)
  #expect(await Browser(attack.test).register().heading == "Enter your PIN")
  #expect(attack.store.asked.map(\.passedChallenge) == [0])
}

@Test func `under attack a stranger is asked for work, and who has done it gets a message`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  #expect(page.status == .tooManyRequests && page.retryAfter == "900")
  #expect(page.heading == "One moment, please" && page.beginsByItself)
  #expect(page.puzzle == WorkPuzzle(parts: 4, bits: 4))
  #expect(attack.sent == 0 && attack.code == "start.challenged")
  #expect(attack.test.log.lines.last?.metadata["rounds"] == "1")

  let next = await browser.post("/register", try page.solved())
  #expect(next.heading == "Enter your PIN" && attack.sent == 1)
  #expect(try await browser.verify(next).heading == "Account verified!")
}

@Test func `more rounds are more work`() async throws {
  let attack = try Attack()
  attack.store.ask(for: 3)
  let page = await Browser(attack.test).register()
  #expect(page.puzzle == WorkPuzzle(parts: 12, bits: 4))
  _ = await Browser(attack.test).post("/register", try page.solved())
  #expect(attack.store.asked.map(\.passedChallenge) == [0, 3] && attack.sent == 1)
}

@Test func `less work than is asked for by now is not enough, and no page begins by itself for ever`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  attack.store.ask(for: 2)
  let again = await browser.post("/register", try page.solved())
  #expect(again.status == .tooManyRequests && attack.code == "start.challenged_again" && !again.beginsByItself)
  #expect(attack.sent == 0)
  #expect(await browser.post("/register", try again.solved()).heading == "Enter your PIN")
}

@Test(arguments: [(1, false), (17, true)])
func `where no sensible work would help, or the site asks for none, it refuses`(rounds: Int, asks: Bool) async throws {
  let attack = try Attack(asks ? ChallengeSettings(partsOfARound: 4, bits: 4) : nil)
  attack.store.ask(for: rounds)
  let page = await Browser(attack.test).register()
  #expect(page.status == .tooManyRequests && page.challenge == nil)
  #expect(page.text.contains("We cannot send messages right now. Try again in 15 minutes."))
}

/// What a robot would try instead of working. Each gets the page or the solution, and nothing is sent.
@Test func `what was not worked for sends nothing`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  let challenge = try #require(page.challenge)
  let right = try #require(page.puzzle).solution(of: challenge)
  let bytes = try #require(Base64URL.decode(challenge))
  var forged = bytes
  forged[20] ^= 1
  let wrong: [[String: String]] = [
    [:], ["solution": ""], ["solution": String(repeating: "A", count: right.utf8.count)],
    ["solution": String(right.dropLast(2))], ["challenge": Base64URL.encode(forged), "solution": right],
    ["challenge": "", "solution": right], ["number": "+1 202 555 0199", "solution": right],
  ]
  for more in wrong {
    let answer = await browser.post("/register", page.filled(more))
    #expect(answer.status == .tooManyRequests, "\(more)")
  }
  #expect(
    await Browser(attack.test, at: "198.51.100.1").post("/register", try page.solved()).status == .tooManyRequests)
  #expect(attack.sent == 0)
  #expect(attack.store.asked.allSatisfy { $0.passedChallenge == 0 })
}

@Test(arguments: [(599, true), (600, false)])
func `work is good for ten minutes`(age: Int, isGood: Bool) async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  attack.clock.advance(by: .seconds(age))
  #expect((await browser.post("/register", try page.solved()).status == .ok) == isGood)
}

@Test func `one piece of work is good for one message, whoever sends it again`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  let first = await browser.post("/register", try page.solved())
  #expect(first.heading == "Enter your PIN")
  for _ in 0..<3 {
    attack.clock.advance(by: .seconds(150))
    // Its own answer again, and no other message.
    #expect(await browser.post("/register", try page.solved()).heading == "Enter your PIN")
  }
  // Nor from another browser of the same net, without the form that came with it.
  let bare = "number=%2B12025550143&challenge=\(try #require(page.challenge))"
  let solution = try #require(page.puzzle).solution(of: try #require(page.challenge))
  attack.clock.advance(by: .seconds(120))
  _ = await Browser(attack.test, at: "192.0.2.77").post("/register", "\(bare)&solution=\(solution)")
  #expect(attack.sent == 1)
}

@Test func `another message of a running request asks for work as the first does`() async throws {
  let attack = try Attack()
  attack.store.ask(for: nil)
  let browser = Browser(attack.test)
  let first = await browser.register()
  attack.store.ask(for: 1)
  attack.clock.advance(by: .seconds(31))
  for (button, code) in [("resend", "resend.challenged"), ("call", "resend.challenged")] {
    let page = try await browser.press(button, on: first)
    #expect(page.status == .tooManyRequests && attack.code == code)
    #expect(page.text.contains("<form method=\"post\" action=\"\(button)\" id=\"challenge\""))
    #expect(page.text.contains("Step 2 of 2"))
  }
  let page = try await browser.press("resend", on: first)
  #expect(await browser.post("/resend", try page.solved()).heading == "Enter your PIN")
  #expect(attack.test.verifier.sentAgain.count == 1)
}

@Test func `the page of a challenge can be shown again at its own address`() async throws {
  let attack = try Attack()
  let parameters = [
    "HTTP_ACCEPT": "text/html", "QUERY_STRING": "", "HTTP_USER_AGENT": "Browser", "HTTP_SEC_FETCH_MODE": "navigate",
  ]
  let answer = await attack.test.post("/register", "number=%2B12025550143", parameters)
  #expect(answer.status == .seeOther)
  let address = try #require(answer.fields[.location])
  let view = address.dropFirst("verify?".count)
  #expect(view.utf8.count < 1_000)
  for _ in 0..<2 {
    let shown = await attack.test.get(
      "/verify", ["QUERY_STRING": String(view), "HTTP_USER_AGENT": "Browser"])
    #expect(shown.heading == "One moment, please" && shown.status == .tooManyRequests)
    #expect(shown.puzzle != nil && shown.text.contains(#"name="number" value="+1 202-555-0143""#))
  }
}

@Test func `a browser with a proof is known by it, and a robot by its form`() async throws {
  let attack = try Attack(gate: GateSettings(audience: "www.example.com"))
  attack.store.ask(for: nil)
  let browser = Browser(attack.test, isSecure: true)
  #expect(try await browser.verify(await browser.register()).heading == "Account verified!")
  _ = await browser.register("+1 202 555 0199")
  _ = await Browser(attack.test, at: "198.51.100.1", isSecure: true).post(
    "/register", "number=%2B12025550198&pingate-comment=x")
  let sends = attack.store.asked.filter(\.isSend)
  #expect(sends.map { $0.proof != nil } == [false, true, false])
  #expect(sends.map(\.looksAutomated) == [false, false, true])
}

// MARK: Waiting

@Test func `who cannot work waits in line, and is told truly for how long`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  let page = await browser.register()
  let place = await browser.post("/register", page.filled(["wait": "yes"]))
  #expect(place.heading == "Your place in line" && attack.code == "start.waiting")
  let wait = try #require(place.retryAfter.flatMap { Int($0) })
  #expect((1...60).contains(wait))
  #expect(place.text.contains("Your place is ready in \(Catalog.english.wait(.seconds(wait)))."))

  attack.clock.advance(by: .seconds(wait - 1))
  let early = await browser.post("/register", place.filled())
  #expect(early.status == .tooManyRequests && early.retryAfter == "1" && early.challenge == place.challenge)
  #expect(early.text.contains("Your place is ready in 1 second."))
  #expect(attack.sent == 0)
  attack.clock.advance(by: .seconds(1))
  #expect(await browser.post("/register", early.filled()).heading == "Enter your PIN")
  #expect(attack.sent == 1)
  // Once.
  attack.clock.advance(by: .seconds(120))
  _ = await browser.post("/register", early.filled())
  #expect(attack.sent == 1)
}

@Test func `a net has one place, and the site ten, a minute apart`() async throws {
  let attack = try Attack()
  var waits: [Int] = []
  for index in 0..<12 {
    let browser = Browser(attack.test, at: "198.51.\(index).1")
    let page = await browser.register("+1 202 555 0\(150 + index)")
    let place = await browser.post("/register", page.filled(["wait": "yes"]))
    if index < 10 {
      #expect(place.heading == "Your place in line", "\(index)")
      waits.append(try #require(place.retryAfter.flatMap { Int($0) }))
    } else {
      #expect(attack.code == "start.limited_shared" && place.challenge == nil)
    }
  }
  #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 - $0 == 60 })
  // A minute later there is one more; not for a net that has had one.
  attack.clock.advance(by: .seconds(60))
  for (address, isPlace) in [("198.51.3.200", false), ("203.0.113.1", true), ("203.0.114.1", false)] {
    let browser = Browser(attack.test, at: address)
    let page = await browser.register()
    let place = await browser.post("/register", page.filled(["wait": "yes"]))
    #expect((place.heading == "Your place in line") == isPlace, "\(address)")
  }
}

@Test func `a place is asked for with a challenge only, and waiting is not working`() async throws {
  let attack = try Attack()
  let browser = Browser(attack.test)
  #expect(await browser.post("/register", "number=%2B12025550143&wait=yes").heading == "One moment, please")
  let page = await browser.register()
  let place = await browser.post("/register", page.filled(["wait": "yes"]))
  // It does not come sooner by working.
  let solution = WorkPuzzle(parts: 4, bits: 4)!.solution(of: try #require(place.challenge))
  #expect(await browser.post("/register", place.filled(["solution": solution])).heading == "Your place in line")
  #expect(attack.sent == 0)
}

// MARK: Programs

@Test func `a program is told what to do, and does it`() async throws {
  let attack = try Attack()
  let json = ["HTTP_ACCEPT": "application/json"]
  let answer = await attack.test.post("/register", "number=%2B12025550143", json)
  #expect(answer.status == .tooManyRequests)
  let text = answer.text
  #expect(text.hasPrefix(#"{"outcome":"send.challenged","#))
  #expect(text.contains(#""kind":"work","algorithm":"sha256","parts":4,"bits":4}"#))
  let token = String(try #require(text.firstMatch(of: /"token":"([^"]+)"/)).1)
  let place = await attack.test.post("/register", "number=%2B12025550143&challenge=\(token)&wait=yes", json)
  #expect(place.text.contains(#""outcome":"send.waiting""#) && place.text.contains(#""kind":"place","readyAt":"20"#))
  let solution = WorkPuzzle(parts: 4, bits: 4)!.solution(of: token)
  let sent = await attack.test.post("/register", "number=%2B12025550143&challenge=\(token)&solution=\(solution)", json)
  #expect(sent.status == .ok && sent.text.contains(#""requestId":""#))
}
