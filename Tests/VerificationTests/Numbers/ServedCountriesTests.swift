import Testing
import Verification

@Suite struct ServedCountriesTests {
  @Test func `a country is two ASCII letters in any case`() {
    #expect(Country("us")?.code == "US")
    #expect(Country("Gb") == Country("GB"))
  }

  @Test(arguments: ["", "U", "USA", "U1", "+1", "é", "Ｕ", "U\0"])
  func `anything else is no country`(code: String) {
    #expect(Country(code) == nil)
  }

  @Test func `the home country alone is served unless others are named`() throws {
    let countries = try #require(ServedCountries(home: Country("US"), allowed: []))

    #expect(countries.allowed.map(\.code) == ["US"])
  }

  @Test func `the first of the countries served is home unless another is named`() throws {
    let served = ["IE", "GB", "IE"].compactMap { Country($0) }

    let countries = try #require(ServedCountries(home: nil, allowed: served))
    #expect(countries.home.code == "IE")
    #expect(countries.allowed.map(\.code) == ["IE", "GB"])

    let abroad = try #require(ServedCountries(home: Country("US"), allowed: served))
    #expect(abroad.home.code == "US")
    #expect(abroad.allowed.map(\.code) == ["IE", "GB"])
  }

  @Test func `one of the two must be named`() {
    #expect(ServedCountries(home: nil, allowed: []) == nil)
  }

  @Test func `each refusal has its own code`() {
    let codes = NumberRefusal.allCases.map(\.code)

    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: /number\.[a-z]+(_[a-z]+)*/) != nil })
  }
}
