import Gateway
import HTTPTypes
import Limits
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// Other visitors' sends, each from a browser, an address and with a number of its own; only `row` is on.
private func used(_ row: LimitID, _ limit: Limit, spread: Bool) async throws -> (TestSite, Browser, Response) {
  var policy = LimitsPolicy(limits: [row: limit])
  policy.sharesBudget = false
  policy.cooldowns = []
  let test = try TestSite(policy: policy)
  let one = Browser(test)
  // Has its cookie.
  _ = await one.post("/register", "number=")
  for index in 0..<limit.count {
    let browser = spread ? Browser(test, at: "198.51.\(index).1") : one
    let number = row == .numberHour || row == .numberDay ? "+1 202 555 0143" : "+1 202 555 0\(150 + index)"
    #expect(await browser.register(number).status == .ok)
  }
  return (test, one, await one.register())
}

@Test(arguments: [
  (LimitID.addressMinute, 3, 60, "1 minute", "from your connection"),
  (.addressHour, 10, 3600, "60 minutes", "from your connection"),
  (.addressDay, 30, 86_400, "24 hours", "from your connection"),
  (.browserHour, 5, 3600, "60 minutes", "You have asked for many messages"),
  (.netHour, 6, 3600, "60 minutes", "We cannot send messages right now."),
])
func `what a visitor has used up says so and when to come back, at both sides of the limit`(
  row: LimitID, count: Int, window: Int, wait: String, words: String
) async throws {
  let (test, one, response) = try await used(row, Limit(count, per: .seconds(window)), spread: false)
  #expect(response.status == .tooManyRequests)
  #expect(response.retryAfter == String(window))
  #expect(response.text.contains(words) && response.text.contains("Try again in \(wait)."))
  #expect(test.verifier.started.count == count)
  #expect(test.log.lines.last?.metadata["rows"] == row.rawValue)

  test.clock.advance(by: .seconds(window - 1))
  #expect(await one.register().retryAfter == "1")
  test.clock.advance(by: .seconds(1))
  #expect(await one.register().status == .ok)
}

@Test func `who has to take turns by lot is told that there may be room then, and is promised nothing`() async throws {
  let test = try TestSite(policy: LimitsPolicy(limits: [.siteDay: Limit(40, per: .days(1))]))
  var told: Response?
  for index in 0..<40 where told == nil {
    let page = await Browser(test, at: "198.51.\(index).1").register("+1 202 555 0\(150 + index)")
    if test.log.lines.last?.metadata["rows"]?.contains("site.share") == true { told = page }
  }
  let page = try #require(told)
  #expect(page.status == .tooManyRequests && test.log.lines.last?.message == "start.limited_lot")
  let wait = try #require(page.retryAfter.flatMap { Int($0) })
  let words = Catalog.english.wait(.seconds(wait))
  #expect(page.text.contains("We cannot send messages right now. Try again in \(words): there may be room then."))
}

@Test(arguments: [
  (LimitID.numberHour, 5, 3600), (.numberDay, 10, 86_400), (.prefix4Hour, 10, 3600), (.prefix4Day, 30, 86_400),
  (.prefix6Hour, 60, 3600), (.countryHour, 40, 3600), (.siteHour, 40, 3600), (.siteDay, 40, 86_400),
])
func `what others have used up is told with the time and without the reason`(row: LimitID, count: Int, window: Int)
  async throws
{
  let (test, _, response) = try await used(row, Limit(count, per: .seconds(window)), spread: true)
  #expect(response.status == .tooManyRequests)
  #expect(response.retryAfter == String(window))
  let isNumber = row.scope == .number
  #expect(
    response.text.contains(
      isNumber ? "We cannot send another message to this number yet." : "We cannot send messages right now."))
  #expect(test.verifier.started.count == count)
  test.clock.advance(by: .seconds(window - 1))
  #expect(await Browser(test).register().retryAfter == "1")
  test.clock.advance(by: .seconds(1))
  #expect(await Browser(test).register().status == .ok)
  #expect(test.verifier.started.count == count + 1)
}

@Test func `only a proxy that the owner trusts says who the visitor is`() async throws {
  for (proxies, isAdmitted) in [(["192.0.2.0/24"], true), ([], false)] {
    var settings = FlowSettings(identity: "www.example.com")
    settings.trustedProxies = proxies.compactMap { TrustedProxy($0) }
    let test = try TestSite(settings: settings)
    for index in 0..<3 {
      let forwarded = ["HTTP_X_FORWARDED_FOR": "203.0.113.\(index)"]
      _ = await test.post("/register", "number=120255501\(50 + index)", forwarded)
    }
    let response = await test.post("/register", "number=12025550143", ["HTTP_X_FORWARDED_FOR": "203.0.113.9"])
    #expect((response.status == .ok) == isAdmitted)
  }
}

@Test func `a visitor whose address the web server does not know is limited with all others like that`() async throws {
  let test = try TestSite()
  for index in 0..<3 { _ = await test.post("/register", "number=120255501\(50 + index)", ["REMOTE_ADDR": ""]) }
  let response = await test.post("/register", "number=12025550143", ["REMOTE_ADDR": "unix:"])
  #expect(response.status == .tooManyRequests)
}

@Test func `all that is shared is answered alike`() async throws {
  var pages: Set<String> = []
  for row in [LimitID.prefix4Hour, .prefix6Hour, .countryHour, .netHour, .siteHour] {
    let (_, _, response) = try await used(row, Limit(2, per: .seconds(3600)), spread: row != .netHour)
    pages.insert(response.text.replacing(/name="form" value="[^"]+"/, with: ""))
  }
  #expect(pages.count == 1)
}

@Test func `a country that is pumped has a ration, and the owner hears of it loudly`() async throws {
  let test = try TestSite(policy: .onlyRation)
  // The last five that there are at once are for those with a proof.
  for index in 0..<15 {
    #expect(await Browser(test, at: "198.51.\(index).1").register("+1 202 555 0\(150 + index)").status == .ok)
  }
  let response = await Browser(test).register()
  #expect(response.status == .tooManyRequests)
  #expect(response.retryAfter == "1")
  #expect(response.text.contains("We cannot send messages right now."))
  #expect(test.verifier.started.count == 15)
  #expect(test.notices.all.count == 1)
  test.clock.advance(by: .seconds(1))
  #expect(await Browser(test).register().status == .ok)
  // One of a hundred a day drips away in 14.4 minutes.
  #expect(await Browser(test, at: "203.0.113.1").register("+1 202 555 0144").retryAfter == "1080")
}

@Test func `an API that fails in any way rations no country, and its messages stay in the budget`() async throws {
  var policy = LimitsPolicy.onlyRation
  policy.limits[.siteDay] = Limit(1000, per: .seconds(86_400))
  let test = try TestSite(policy: policy)
  let kinds = VerifierFailure.Kind.allCases
  for index in 0..<60 {
    test.verifier.onStart(.failure(VerifierFailure(kinds[index % kinds.count], detail: "")))
    #expect(
      await Browser(test, at: "198.51.\(index).1").register("+1 202 555 0\(130 + index)").status != .tooManyRequests)
  }
  test.verifier.onStart(.success(.sent(.test)))
  test.clock.advance(by: .seconds(600))
  #expect(await Browser(test).register("+1 202 555 0190").status == .ok)
  #expect(test.notices.all == [])
  let uncertain = (0..<60).count { !VerifierFailure(kinds[$0 % kinds.count], detail: "").isCertainlyNotSent }
  let rules = policy.rules(ofSite: CounterKeys(Keyring.test, site: "www.example.com").site)
  #expect(try await test.store.counts(of: rules).map(\.count) == [uncertain + 1])
}

@Test func `who verifies late gives a message back at once, and credit for more`() async throws {
  let test = try TestSite(policy: .onlyRation)
  let browsers = (0..<20).map { Browser(test, at: "198.51.\($0).1") }
  var pages: [Response] = []
  for (index, browser) in browsers.enumerated() { pages.append(await browser.register("+1 202 555 0\(150 + index)")) }
  #expect(await Browser(test).register().status == .tooManyRequests)
  #expect(try await browsers[0].verify(pages[0]).heading == "Account verified!")
  #expect(await Browser(test).register().status == .ok)
}

@Test func `half, four fifths and all of the budget give notice once each`() async throws {
  var policy = LimitsPolicy(limits: [.siteHour: Limit(10, per: .seconds(3600))])
  policy.sharesBudget = false
  let test = try TestSite(policy: policy)
  for index in 0..<12 { _ = await Browser(test, at: "198.51.\(index).1").register("+1 202 555 0\(150 + index)") }
  #expect(test.verifier.started.count == 10)
  #expect(
    test.notices.all == [50, 80, 100].map { .reached(.siteHour, percent: $0, count: $0 / 10, limit: 10) })
}

@Test func `watched, nothing is refused and everything is logged`() async throws {
  var policy = LimitsPolicy(limits: [
    .addressMinute: Limit(1, per: .seconds(60)), .requestWrong: Limit(1, per: .seconds(60)),
  ])
  policy.mode = .watch
  let test = try TestSite(policy: policy)
  let browser = Browser(test)
  _ = await browser.register()
  let page = await browser.register("+1 202 555 0199")
  #expect(page.status == .ok)
  #expect(test.verifier.started.count == 2)
  let lines = test.log.lines.filter { $0.message == "limits.would_refuse" }
  #expect(lines.map { $0.metadata["rows"] } == ["address.minute"])
  #expect(lines.allSatisfy { $0.level == .warning })
  test.verifier.onCheck(.success(.wrongCode))
  for _ in 0..<2 {
    let wrong = try await browser.verify(page)
    #expect(wrong.text.contains("That PIN is not right. Check the message.<") && !wrong.text.contains("left"))
  }
}

@Test func `a number in a trusted browser is on its own counters: a stranger does not lock its owner out`() async throws
{
  let test = try TestSite()
  let owner = Browser(test)
  let page = await owner.register()
  #expect(try await owner.verify(page).heading == "Account verified!")
  test.clock.advance(by: .seconds(86_400))
  // Strangers use up all that the number has for a day.
  for index in 0..<20 {
    _ = await Browser(test, at: "198.51.\(index).1").register()
    test.clock.advance(by: .seconds(3600))
  }
  #expect(await Browser(test, at: "203.0.113.1").register().status == .tooManyRequests)
  #expect(await owner.register().heading == "Enter your PIN")
}

extension LimitsPolicy {
  /// Nothing but the ration of a country, by which messages are judged at once.
  static var onlyRation: LimitsPolicy {
    var policy = LimitsPolicy(limits: [.countryRation: Limit(100, per: .seconds(86_400))])
    policy.grace = .zero
    return policy
  }
}

@Test func `sites that share a store have a budget each`() async throws {
  var policy = LimitsPolicy(limits: [
    .siteHour: Limit(1, per: .seconds(3600)), .siteWrongHour: Limit(1, per: .seconds(3600)),
  ])
  policy.sharesBudget = false
  let one = try TestSite(policy: policy)
  let other = try TestSite(settings: FlowSettings(identity: "www.example.org"), policy: policy, store: one.store)
  for test in [one, other] {
    test.verifier.onCheck(.success(.wrongCode))
    let page = await Browser(test).register()
    #expect(page.status == .ok)
    #expect(try await Browser(test).verify(page).text.contains("That PIN is not right."))
    #expect(await Browser(test).register("+1 202 555 0199").status == .tooManyRequests)
  }
}

extension TestSite {
  /// How many sends count for the number of the tests.
  func sends(_ number: String = "12025550143") async throws -> Int {
    let keys = CounterKeys(keyring, site: "www.example.com").keys(
      of: PhoneNumber(e164: number)!, country: Country("US"))
    let rules = policy.rules(ofNumber: keys.number).filter { $0.id == .numberDay }
    return try await store.counts(of: rules)[0].count
  }
}
