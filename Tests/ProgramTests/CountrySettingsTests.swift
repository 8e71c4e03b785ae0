import Testing
import Verification

@testable import Program

@Suite struct `The countries that are served` {
  private func read(_ environment: [String: String]) -> (countries: ServedCountries?, problems: [SettingsProblem]) {
    var reader = SettingsReader(SettingsSource(environment: environment))
    let plan = SiteSettings.plan(&reader)
    return (plan?.countries, reader.problems)
  }

  private let us = Country("US")
  private let gb = Country("GB")

  @Test func `are the home country when only that is given`() {
    let countries = read(["PINGATE_HOME_COUNTRY": "us"]).countries
    #expect(countries?.home == us)
    #expect(countries?.allowed == [us].compactMap { $0 })
  }

  @Test func `are the list, whose first is home when that is not given`() {
    let countries = read(["PINGATE_COUNTRIES": "GB US"]).countries
    #expect(countries?.home == gb)
    #expect(countries?.allowed == [gb, us].compactMap { $0 })
  }

  @Test func `may leave home out`() {
    let countries = read(["PINGATE_HOME_COUNTRY": "US", "PINGATE_COUNTRIES": "GB"]).countries
    #expect(countries?.home == us)
    #expect(countries?.allowed == [gb].compactMap { $0 })
  }

  @Test func `have to be named one way or the other`() {
    let problems = read([:]).problems
    #expect(problems.map(\.name) == ["PINGATE_HOME_COUNTRY"])
    #expect(problems.first?.advice.contains("PINGATE_COUNTRIES") == true)
  }

  @Test func `are told by name when there are no such`() {
    let problems = read(["PINGATE_COUNTRIES": "US, uk, ZZ"]).problems
    #expect(problems.map(\.name) == ["PINGATE_COUNTRIES"])
    #expect(problems.first?.advice.hasPrefix("uk, ZZ: ") == true)
    #expect(problems.first?.advice.contains("GB") == true)
  }

  @Test func `that are wrong are not called missing`() {
    #expect(read(["PINGATE_HOME_COUNTRY": "UK"]).problems.count == 1)
    #expect(read(["PINGATE_HOME_COUNTRY": "US GB"]).problems.map(\.name) == ["PINGATE_HOME_COUNTRY"])
  }
}
