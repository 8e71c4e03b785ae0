import CounterStoreContract
import Testing

@testable import Limits

struct LimitsPolicyTests {
  private let policy = LimitsPolicy()

  @Test
  func `a first send passes every row of the table that is about sends`() {
    let request = policy.reservation(for: Keys.send())
    #expect(
      Set((request.rules + request.untrustedRules).map(\.id)) == [
        .numberHour, .numberDay, .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour, .addressMinute, .addressHour,
        .addressDay, .netHour, .browserHour, .siteHour, .siteDay,
      ])
    #expect(Set(request.breakers.map(\.id)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
    #expect(request.rules.contains { $0.id == .attemptResends } == false)
    #expect(policy.reservation(for: Keys.send(resendOf: "1")).rules.contains { $0.id == .attemptResends })
  }

  @Test
  func `a number in a trusted browser passes its own limits, the visitor's and the budget, and no breaker`() {
    let request = policy.reservation(for: Keys.send())
    #expect(request.trustedRules.map(\.id) == [.trustedHour, .trustedDay, .siteHour, .siteDay])
    #expect(request.rules.allSatisfy { [.visitor, .shared].contains($0.id.scope) })
    let backoff = request.trustedRules.first { $0.id == .trustedDay }
    #expect(backoff?.cooldowns == [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)])
  }

  @Test
  func `a try passes every row of the table that is about tries`() {
    let request = policy.reservation(for: Keys.attempt())
    #expect(
      Set((request.rules + request.untrustedRules).map(\.id)) == [
        .requestWrong, .attemptWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .addressTries,
        .addressWrongHour, .netWrongHour, .browserTries, .siteWrongHour,
      ])
    #expect(!request.isSend && request.nonce == nil && request.breakers.isEmpty)
  }

  @Test
  func `a row that is set is used, and one that is taken out is off`() {
    var policy = LimitsPolicy()
    policy.limits[.netHour] = nil
    policy.limits[.browserHour] = Limit(9, per: .seconds(60))
    let request = policy.reservation(for: Keys.send())
    #expect(request.rules.contains { $0.id == .netHour } == false)
    #expect(request.rules.first { $0.id == .browserHour }?.limit == Limit(9, per: .seconds(60)))
  }

  @Test
  func `the cooldowns hold even where the row of the day is off`() {
    var policy = LimitsPolicy()
    policy.limits[.numberDay] = nil
    let rule = policy.reservation(for: Keys.send()).untrustedRules.first { $0.id == .numberHour }
    #expect(rule?.cooldowns == policy.cooldowns)
  }

  @Test
  func `every row that is a setting has a default, and a name of its own`() {
    let others: Set<LimitID> = [.prefix4Conversion, .prefix6Conversion, .countryConversion, .requestCancels]
    #expect(Set(LimitsPolicy.defaults.keys) == Set(LimitID.allCases).subtracting(others))
  }
}
