import CounterStoreContract
import Testing

@testable import Limits

struct LimitsPolicyTests {
  private let policy = LimitsPolicy()

  @Test
  func `a first send passes every row of the table that is about sends`() {
    let charge = policy.charge(for: Keys.send())
    #expect(
      Set((charge.rules + charge.strangerRules).map(\.row)) == [
        .numberHour, .numberDay, .prefix4Hour, .prefix4Day, .prefix6Hour, .countryHour, .addressMinute, .addressHour,
        .addressDay, .netHour, .browserHour, .siteHour, .siteDay,
      ])
    #expect(Set(charge.guards.map(\.row)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
    #expect(charge.rules.contains { $0.row == .requestResends } == false)
    #expect(policy.charge(for: Keys.send(resendOf: "1")).rules.contains { $0.row == .requestResends })
  }

  @Test
  func `a known number passes its own rows, the visitor's and the budget, and no guard`() {
    let charge = policy.charge(for: Keys.send())
    #expect(charge.knownRules.map(\.row) == [.knownHour, .knownDay, .siteHour, .siteDay])
    #expect(charge.rules.allSatisfy { [.visitor, .shared].contains($0.row.scope) })
    let ladder = charge.knownRules.first { $0.row == .knownDay }
    #expect(ladder?.gaps == [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)])
  }

  @Test
  func `a try passes every row of the table that is about tries`() {
    let charge = policy.charge(for: Keys.attempt())
    #expect(
      Set((charge.rules + charge.strangerRules).map(\.row)) == [
        .codeWrong, .requestWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .addressTries,
        .addressWrongHour, .netWrongHour, .browserTries, .siteWrongHour,
      ])
    #expect(!charge.isSend && charge.nonce == nil && charge.guards.isEmpty)
  }

  @Test
  func `a row that is set is used, and one that is taken out is off`() {
    var policy = LimitsPolicy()
    policy.limits[.netHour] = nil
    policy.limits[.browserHour] = Limit(9, per: .seconds(60))
    let charge = policy.charge(for: Keys.send())
    #expect(charge.rules.contains { $0.row == .netHour } == false)
    #expect(charge.rules.first { $0.row == .browserHour }?.limit == Limit(9, per: .seconds(60)))
  }

  @Test
  func `the gaps hold even where the row of the day is off`() {
    var policy = LimitsPolicy()
    policy.limits[.numberDay] = nil
    let rule = policy.charge(for: Keys.send()).strangerRules.first { $0.row == .numberHour }
    #expect(rule?.gaps == policy.gaps)
  }

  @Test
  func `every row that is a setting has a default, and a name of its own`() {
    let others: Set<LimitRow> = [.prefix4Conversion, .prefix6Conversion, .countryConversion, .requestCancels]
    #expect(Set(LimitsPolicy.defaults.keys) == Set(LimitRow.allCases).subtracting(others))
  }
}
