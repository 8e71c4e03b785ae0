import Testing
import Verification

@Suite struct RefusalTests {
  @Test(arguments: [
    ("US", "", "unreadable"),
    ("US", "+", "unreadable"),
    ("US", "my number", "unreadable"),
    ("US", "1-800-FLOWERS", "unreadable"),
    ("US", "202-555-0143 or 202-555-0144", "unreadable"),
    ("US", "1+2025550143", "unreadable"),
    ("US", "202-555-0143 x123", "hasExtension"),
    ("US", "202-555-0143 ext. 12", "hasExtension"),
    ("US", "+999 123 4567", "unknownCountryCode"),
    ("US", "+01112025550143", "unknownCountryCode"),
    ("US", "7", "tooShort"),
    ("US", "911", "tooShort"),
    ("US", "202 555 014", "tooShort"),
    ("US", "555 0143", "localOnly"),
    ("US", "202 555 01433", "tooLong"),
    ("US", "+1 202 555 0143 0143 0143", "tooLong"),
    ("IS", "8212 34 56", "wrongLength"),
    ("US", "202 155 0143", "notValid"),
    ("GB", "07700 900123", "notValid"),
    ("US", "900 234 5678", "premiumRate"),
    ("GB", "0909 879 0000", "premiumRate"),
    ("CH", "0840 123 456", "sharedCost"),
    ("US", "800 555 1234", "tollFree"),
    ("US", "+800 1234 5678", "tollFree"),
    ("GB", "076 4012 3456", "pager"),
    ("CH", "0860 123 456 789", "voicemail"),
    ("GB", "055 1234 5678", "organization"),
    ("GB", "070 1234 5678", "personal"),
    ("GB", "056 1234 5678", "voip"),
    ("US", "+44 20 7946 0018", "wrongCountry"),
    // Germany has landlines whose numbers are longer than E.164 permits: 15 digits and 16.
    ("DE", "+49 4798 223987299", "494798223987299 DE landline"),
    ("DE", "+49 4798 2239872996", "tooLong"),
  ])
  func `each kind of wrong number has its own refusal`(home: String, typed: String, expected: String) throws {
    #expect(try summary(plan(home).read(typed)) == expected)
  }

  @Test func `a wrong kind is refused as such in every country`() throws {
    #expect(try summary(plan("GB").read("+1 900 234 5678")) == "premiumRate")
    #expect(try summary(plan("CA").read("1 800 555 1234")) == "tollFree")
  }
}
