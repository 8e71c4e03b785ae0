import Limits
import Testing

@testable import Program

@Suite struct `The owner's desk` {
  private func desk(_ more: [String: String] = [:]) throws -> OwnersDesk {
    let environment = [
      "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
      "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
    ]
    return OwnersDesk(try Settings(SettingsSource(environment: environment.merging(more) { _, more in more })))
  }

  @Test(arguments: ["202-555-0143", "+1 202 555 0143", "12025550143"])
  func `reads a number as a visitor types it`(text: String) throws {
    let subject = try desk().subject(text)
    #expect(subject.title == "+1 202-555-0143 (US)")
    #expect(subject.isNumber)
    #expect(subject.ownRules.count == 5)
    #expect(subject.sharedRules.count == 4)
    // A country that is the only one has no ration of its own.
    #expect(subject.rations.map(\.id) == [.prefix4Ration, .prefix6Ration])
  }

  @Test func `finds a number's limits in the browsers that are trusted with it`() throws {
    let browsers = [CounterKey([1]), CounterKey([2])]
    let subject = try desk().subject("202-555-0143", in: KnowingStore(browsers: browsers))
    let number = try desk().number("202-555-0143").keys.number
    #expect(subject.ownRules.map(\.id) == LimitID.ofNumber + LimitID.ofTrustedBrowser + LimitID.ofTrustedBrowser)
    #expect(
      subject.ownRules.filter { $0.id == .trustedHour }.map(\.key.bytes) == [number.bytes + [1], number.bytes + [2]])
    #expect(subject.sharedRules.count == 4)
    // An address has none.
    #expect(try desk().subject("192.0.2.1", in: KnowingStore(browsers: browsers)).ownRules.count == 8)
  }

  @Test func `reads a number of a country that is no longer served, with its plus`() throws {
    #expect(try desk().subject("+44 7700 900123").title.hasPrefix("+44 "))
    #expect(throws: (any Error).self) { try desk().subject("07700 900123") }
  }

  @Test(arguments: ["", "x", "12", "192.0.2.256", "+", "+123456"])
  func `refuses what is neither a number nor an address`(text: String) throws {
    let desk = try desk()
    #expect(throws: (any Error).self) { try desk.subject(text) }
  }

  @Test func `reads an address, and nothing as the whole site`() throws {
    #expect(try desk().subject("2001:db8::1").title == "2001:db8::/64, net 2001:db8::/48, 2001:db8::/32")
    #expect(try desk().subject("2001:db8::1").ownRules.map(\.id).last == .wideNetDay)
    #expect(try desk().subject("2001:db8::1").ownRules.count == 9)
    #expect(
      try desk().subject("2001:db8::1").widgetRules.map(\.id) == [.addressWrongHour, .netWrongHour, .netWrongHour])
    #expect(try desk().subject("192.0.2.1").ownRules.count == 8)
    #expect(try desk().subject(nil).ownRules.map(\.id) == [.siteHour, .siteDay, .siteWrongHour])
  }

  @Test func `tells the budgets of two sites apart`() throws {
    let keys = try ["a", "b"].map { try Set(desk(["PINGATE_SITE": $0]).subject(nil).ownRules.map(\.key)) }
    #expect(keys.map(\.count) == [1, 1] && keys[0] != keys[1])
    #expect(keys[0].first?.bytes.count == 16)
  }

  @Test func `makes no store, and finds none where there is none`() throws {
    try withTemporaryFolder { folder in
      let desk = try desk(["PINGATE_STORE": "sqlite:\(folder)/x.sqlite"])
      #expect(try desk.existingStore() as Any? == nil)
      #expect(try desk.existingStore() as Any? == nil)
    }
  }
}

/// Knows every number in the same browsers, and nothing else.
private struct KnowingStore: StoreAdmin {
  let browsers: [CounterKey]
  var overview = BudgetOverview(
    toStrangers: 0, verified: 0, asking: 0, tokens: 0, percentServed: 100, challenge: nil, chances: 6, rationedFor: nil,
    nets: [], ranges: [])

  func browsers(trustedFor number: CounterKey) async throws(StoreFailure) -> [CounterKey] { browsers }
  func show(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) -> [Count] { [] }
  func overview(of share: BudgetShare, by policy: LimitsPolicy) async throws(StoreFailure) -> BudgetOverview {
    overview
  }
  func open(_ ration: Ration, for time: Duration) async throws(StoreFailure) {}
  func clear(_ rules: [Rule], rations: [Ration]) async throws(StoreFailure) {}
  func forget(number: CounterKey) async throws(StoreFailure) {}
}
