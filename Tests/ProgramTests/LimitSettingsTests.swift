import Foundation
import Limits
import Testing

@testable import Program

@Suite struct `The settings of the limits` {
  private func read(_ environment: [String: String]) -> (policy: LimitsPolicy, problems: [SettingsProblem]) {
    var reader = SettingsReader(SettingsSource(environment: environment))
    let policy = SiteSettings.limits(&reader, countries: 2)
    return (policy, reader.problems)
  }

  @Test func `leave all as it is when there are none`() {
    #expect(read([:]).policy == LimitsPolicy())
    #expect(read([:]).problems.isEmpty)
  }

  @Test func `wait for a send for as long as a provider may be asked, and a little`() {
    #expect(LimitsPolicy().waiting(forAnswersWithin: .seconds(10)).sendTimeout == .seconds(25))
  }

  @Test(arguments: LimitID.allCases)
  func `reach every limit`(row: LimitID) throws {
    guard let name = row.settingName else {
      #expect(!LimitsPolicy.defaults.keys.contains(row))
      return
    }
    let usual = try #require(LimitsPolicy.defaults[row])
    #expect(read([name: "7"]).policy.limits[row] == Limit(7, per: usual.window))
    #expect(read([name: "off"]).policy.limits[row] == nil)
    #expect(read([name: "off"]).policy.limits.count == LimitsPolicy.defaults.count - 1)
    #expect(read([name: "x"]).problems.map(\.name) == [name])
  }

  @Test func `have names that follow the limits' own`() {
    #expect(LimitID.siteHour.settingName == "PINGATE_LIMIT_SITE_HOUR")
    #expect(LimitID.numberWrongTotal.settingName == "PINGATE_LIMIT_NUMBER_WRONG_TOTAL")
    let names = LimitID.allCases.compactMap(\.settingName) + SettingName.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
  }

  @Test func `stand in docs/limits.md, each with its default`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let text = try String(contentsOf: root.appending(path: "docs/limits.md"), encoding: .utf8)
    for row in LimitID.allCases {
      guard let name = row.settingName, let limit = LimitsPolicy.defaults[row] else { continue }
      #expect(text.contains("`\(name)` | \(limit.count) "), "\(name)")
    }
    for name in SettingName.allCases where name.rawValue.hasPrefix("PINGATE_LIMIT") {
      #expect(text.contains(name.rawValue), "\(name.rawValue)")
    }
  }

  @Test func `may stand in the file, below the environment`() {
    let file = ConfigurationFile(path: "f", text: "PINGATE_LIMIT_SITE_HOUR=5\nPINGATE_LIMIT_SITE_DAY=6")
    var reader = SettingsReader(SettingsSource(environment: ["PINGATE_LIMIT_SITE_HOUR": "4"], file: file))
    let policy = SiteSettings.limits(&reader, countries: 2)
    #expect(policy.limits[.siteHour]?.count == 4)
    #expect(policy.limits[.siteDay]?.count == 6)
    #expect(reader.problems.isEmpty)
  }

  @Test func `that are mistyped are no settings`() {
    #expect(read(["PINGATE_LIMIT_SITE_MONTH": "1"]).problems.map(\.name) == ["PINGATE_LIMIT_SITE_MONTH"])
    #expect(
      read(["PINGATE_LIMIT_SITE_PACE": "1"]).problems.map(\.name) == ["PINGATE_LIMIT_SITE_PACE"])
  }

  @Test func `that hang on the budget follow it, unless the owner says otherwise`() {
    let policy = read(["PINGATE_LIMIT_SITE_HOUR": "1000", "PINGATE_LIMIT_COUNTRY_HOUR": "77"]).policy
    #expect(policy.limits[.countryHour]?.count == 77)
    // As much as an hour of ten times that would be is no part of it.
    #expect(policy.limits[.prefix6Hour]?.count == 77 && policy.limits[.prefix4Hour]?.count == 10)
  }

  @Test func `are the cooldowns, the terms and the mode too`() {
    let policy = read([
      "PINGATE_LIMITS": "watch", "PINGATE_LIMIT_COOLDOWNS": "1 2", "PINGATE_LIMIT_RESEND_COOLDOWNS": "off",
      "PINGATE_LIMIT_RESERVE": "25", "PINGATE_LIMIT_TRUSTED_DAYS": "0", "PINGATE_LIMIT_GRACE": "30",
      "PINGATE_LIMIT_SHARE": "off",
    ]).policy
    #expect(policy.mode == .watch)
    #expect(policy.cooldowns == [.seconds(1), .seconds(2)])
    #expect(policy.resendCooldowns == [])
    #expect(policy.reserve == 25)
    #expect(policy.trustedLife == .zero)
    #expect(policy.grace == .seconds(30) && !policy.sharesBudget)
  }
}
