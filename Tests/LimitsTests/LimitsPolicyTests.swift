import CounterStoreContract
import Testing

@testable import Limits

struct LimitsPolicyTests {
  private let policy = LimitsPolicy()

  @Test
  func `a first send passes every limit of the table that is about sends`() {
    let request = policy.reservation(for: Keys.send())
    #expect(
      Set((request.rules + request.untrustedRules).map(\.id)) == [
        .numberHour, .numberDay, .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour, .addressMinute, .addressHour,
        .addressDay, .netHour, .netDay, .browserHour, .siteHour, .siteDay,
      ])
    #expect(Set(request.rations.map(\.id)) == [.prefix4Ration, .prefix6Ration, .countryRation])
    #expect(request.rules.contains { $0.id == .attemptResends } == false)
    #expect(policy.reservation(for: Keys.send(resendOf: "1")).rules.contains { $0.id == .attemptResends })
  }

  @Test
  func `a number in a trusted browser passes its own limits, the visitor's and the budget, and no ration`() {
    let request = policy.reservation(for: Keys.send())
    #expect(request.trustedRules.map(\.id) == [.trustedHour, .trustedDay, .siteHour, .siteDay])
    #expect(request.rules.allSatisfy { [.visitor, .shared].contains($0.id.scope) })
    let backoff = request.trustedRules.first { $0.id == .trustedDay }
    #expect(backoff?.cooldowns == [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)])
  }

  @Test
  func `a try passes every limit of the table that is about tries`() {
    let request = policy.reservation(for: Keys.attempt())
    #expect(
      Set((request.rules + request.untrustedRules).map(\.id)) == [
        .requestWrong, .attemptWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .addressTries,
        .addressWrongHour, .netWrongHour, .browserTries, .siteWrongHour,
      ])
    #expect(request.net == nil && request.proof == nil)
    #expect(!request.isSend && request.nonce == nil && request.rations.isEmpty && request.share == nil)
  }

  @Test
  func `a limit that is set is used, and one that is taken out is off`() {
    var policy = LimitsPolicy()
    policy.limits[.netHour] = nil
    policy.limits[.browserHour] = Limit(9, per: .seconds(60))
    let request = policy.reservation(for: Keys.send())
    #expect(request.rules.contains { $0.id == .netHour } == false)
    #expect(request.rules.first { $0.id == .browserHour }?.limit == Limit(9, per: .seconds(60)))
  }

  @Test
  func `the cooldowns hold even where the limit of the day is off`() {
    var policy = LimitsPolicy()
    policy.limits[.numberDay] = nil
    let rule = policy.reservation(for: Keys.send()).untrustedRules.first { $0.id == .numberHour }
    #expect(rule?.cooldowns == policy.cooldowns)
  }

  @Test
  func `every limit that is a setting has a default, and a name of its own`() {
    let others: Set<LimitID> = [.siteShare, .sitePace, .formAutomated, .requestCancels]
    #expect(Set(LimitsPolicy.defaults.keys) == Set(LimitID.allCases).subtracting(others))
  }

  @Test
  func `a visitor of a wide net is counted in it, and one of the own network in no net's day`() {
    let wide = VisitorKeys(
      address: Keys.key("a"), net: Keys.key("n"), wideNet: Keys.key("w"), browser: Keys.key("b"), hasCookie: true)
    let send = SendIntent(number: Keys.number("436601234567"), visitor: wide)
    #expect(policy.reservation(for: send).untrustedRules.contains { $0.id == .wideNetDay && $0.key == wide.wideNet })
    let own = VisitorKeys(
      address: wide.address, net: wide.net, wideNet: wide.wideNet, isOfOwnNetwork: true, browser: wide.browser,
      hasCookie: false)
    let request = policy.reservation(for: SendIntent(number: send.number, visitor: own))
    #expect(
      !(request.rules + request.untrustedRules).contains { [.netDay, .wideNetDay, .browserHour].contains($0.id) })
    #expect(request.isOfOwnNetwork && request.net == wide.net)
  }

  @Test
  func `the owner's rules of an IPv6 address have its wide net`() {
    let rules = policy.rules(ofAddress: Keys.key("a"), net: Keys.key("n"), wideNet: Keys.key("w"))
    #expect(rules.last?.id == .wideNetDay && rules.last?.key == Keys.key("w"))
    #expect(policy.rules(ofAddress: Keys.key("a"), net: Keys.key("n")).allSatisfy { $0.id != .wideNetDay })
  }

  @Test
  func `what is kept for trusted browsers is not shared out`() {
    var policy = LimitsPolicy()
    policy.reserve = 30
    let share = policy.share(of: Keys.visitor("anna"), asking: Keys.number("436601234567"))
    #expect(share?.day == 700 && policy.share(ofSite: Keys.site)?.day == 700)
  }

  @Test
  func `what is a part of the budget follows it, but for what the owner has set`() {
    var policy = LimitsPolicy()
    policy.limits[.siteHour]?.count = 2000
    policy.limits[.siteDay]?.count = 10_000
    policy.followBudget(countries: 3, keeping: [.prefix6Ration])
    #expect(policy.limits[.countryHour]?.count == 1000 && policy.limits[.prefix6Hour]?.count == 600)
    #expect(policy.limits[.countryRation]?.count == 5000 && policy.limits[.prefix6Ration]?.count == 100)
    policy.followBudget(countries: 1)
    #expect(policy.limits[.countryHour]?.count == 2000 && policy.limits[.countryRation] == nil)
    var usual = LimitsPolicy()
    usual.followBudget(countries: 2)
    #expect(usual == LimitsPolicy())
  }

  @Test
  func `what is not set is no larger than what it is a part of, and what does not fit is told`() {
    var policy = LimitsPolicy()
    policy.limits[.siteHour]?.count = 4
    policy.limits[.addressMinute]?.count = 11
    policy.followBudget(countries: 1, keeping: [.siteHour, .addressMinute])
    #expect(policy.limits[.prefix6Hour]?.count == 2 && policy.limits[.prefix4Hour]?.count == 2)
    #expect(
      policy.misfits(countries: 1) == [
        LimitsPolicy.Misfit(id: .addressMinute, other: .addressHour, kind: .neverReached),
        LimitsPolicy.Misfit(id: .siteHour, other: .siteDay, kind: .undercuts(96)),
      ])
    #expect(LimitsPolicy().misfits(countries: 2) == [])
    // An IPv4 net is of no wide one.
    var nets = LimitsPolicy()
    nets.limits[.netDay]?.count = 30
    #expect(nets.misfits(countries: 2) == [])
    #expect(
      LimitsPolicy().misfits(countries: 1) == [
        LimitsPolicy.Misfit(id: .countryHour, other: .siteHour, kind: .undercuts(100))
      ])
  }
}
