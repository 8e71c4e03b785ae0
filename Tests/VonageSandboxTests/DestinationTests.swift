import Testing

@testable import VonageSandbox

@Suite struct DestinationTests {
  @Test(arguments: [
    ("07700 900000", "GB", "447700900000"), ("7700900000", "GB", "447700900000"),
    ("447700900000", "GB", "447700900000"), ("+44 7700 900000", "GB", "447700900000"),
    ("0044 7700 900000", "gb", "447700900000"), ("(202) 555-0199", "US", "12025550199"),
    ("1-202-555-0199", "US", "12025550199"), ("202.555.0199", "CA", "12025550199"),
    ("40612345", "NO", "4740612345"), ("4740612345", "NO", "4740612345"), ("06 12345678", "IT", "390612345678"),
  ])
  func `a national number gets its country's calling code`(number: String, region: String, digits: String) {
    #expect(Destination.digits(of: number, in: region) == digits)
  }

  @Test(arguments: [("+33612345678", "GB"), ("abc", "GB"), ("07700900000x", "GB"), ("1", "GB"), ("", "GB")])
  func `what is no number of the country is refused`(number: String, region: String) {
    #expect(Destination.digits(of: number, in: region) == nil)
  }

  @Test func `the calling codes cover ISO 3166-1 and more`() {
    #expect(CallingCodes.code(of: "DE") == "49")
    #expect(CallingCodes.code(of: "XK") == "383")
    #expect(CallingCodes.code(of: "de") == nil)
    #expect(CallingCodes.code(of: "ZZ") == nil)
  }
}
