import Foundation
import Limits
import Testing

@testable import Program

@Suite struct `The settings of the limits` {
  private func read(_ environment: [String: String]) -> (policy: LimitsPolicy, problems: [SettingsProblem]) {
    var reader = SettingsReader(SettingsSource(environment: environment))
    let policy = SiteSettings.limits(&reader)
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
  func `reach every row`(row: LimitID) throws {
    guard let name = row.settingName else {
      // The breakers' rows are set together, and one is no setting.
      #expect(!LimitsPolicy.defaults.keys.contains(row))
      #expect(read(["PINGATE_LIMIT_CONVERSION": "off"]).policy.conversion == nil)
      return
    }
    let usual = try #require(LimitsPolicy.defaults[row])
    #expect(read([name: "7"]).policy.limits[row] == Limit(7, per: usual.window))
    #expect(read([name: "off"]).policy.limits[row] == nil)
    #expect(read([name: "off"]).policy.limits.count == LimitsPolicy.defaults.count - 1)
    #expect(read([name: "x"]).problems.map(\.name) == [name])
  }

  @Test func `have names that follow the rows' own`() {
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
    let policy = SiteSettings.limits(&reader)
    #expect(policy.limits[.siteHour]?.count == 4)
    #expect(policy.limits[.siteDay]?.count == 6)
    #expect(reader.problems.isEmpty)
  }

  @Test func `that are mistyped are no settings`() {
    #expect(read(["PINGATE_LIMIT_SITE_MONTH": "1"]).problems.map(\.name) == ["PINGATE_LIMIT_SITE_MONTH"])
    #expect(
      read(["PINGATE_LIMIT_COUNTRY_CONVERSION": "1"]).problems.map(\.name) == ["PINGATE_LIMIT_COUNTRY_CONVERSION"])
  }

  @Test func `leave the time to type a PIN, and in a short window half of it, unless the owner says otherwise`() {
    #expect(read([:]).policy.conversion?.grace == .seconds(180))
    for (window, grace) in [("60", 30), ("359", 179), ("360", 180), ("86400", 180)] {
      let (policy, problems) = read(["PINGATE_LIMIT_CONVERSION_WINDOW": window])
      #expect(policy.conversion?.grace.components.seconds == Int64(grace))
      #expect(problems.isEmpty)
    }
    #expect(read(["PINGATE_LIMIT_CONVERSION_GRACE": "0"]).policy.conversion?.grace == .zero)
  }

  @Test func `are the cooldowns, the terms and the mode too`() {
    let policy = read([
      "PINGATE_LIMITS": "watch", "PINGATE_LIMIT_COOLDOWNS": "1 2", "PINGATE_LIMIT_RESEND_COOLDOWNS": "off",
      "PINGATE_LIMIT_RESERVE": "25", "PINGATE_LIMIT_TRUSTED_DAYS": "0", "PINGATE_LIMIT_CONVERSION_SENDS": "3",
      "PINGATE_LIMIT_CONVERSION_PERCENT": "50", "PINGATE_LIMIT_CONVERSION_WINDOW": "120",
      "PINGATE_LIMIT_CONVERSION_GRACE": "30", "PINGATE_LIMIT_CONVERSION_OPENS": "100000",
    ]).policy
    #expect(policy.mode == .watch)
    #expect(policy.cooldowns == [.seconds(1), .seconds(2)])
    #expect(policy.resendCooldowns == [])
    #expect(policy.reserve == 25)
    #expect(policy.trustedLife == .zero)
    #expect(
      policy.conversion
        == ConversionBreaker.Terms(
          sends: 3, percent: 50, window: .seconds(120), grace: .seconds(30), opens: .seconds(100_000),
          opensAtMost: .seconds(100_000)))
  }
}
