import LibPhoneNumber
import Testing
import Verification

/// Ranges that were opened or closed after Debian's libphonenumber of 2022 was made.
@Suite struct CurrentPlanTests {
  @Test(arguments: [
    "+229 01 95 12 34 56", "+2290195123456", "01 95 12 34 56", "0195123456", "2290195123456", "00229 01 95 12 34 56",
  ])
  func `Benin has ten digits since 2024`(typed: String) throws {
    #expect(try summary(plan("BJ").read(typed)) == "2290195123456 BJ mobile")
    #expect(try summary(plan("BJ").read("+229 95 12 34 56")) == "tooShort")
  }

  @Test(arguments: [
    ("US", "227 235 274 324 327 329 350 353 363 369 472 557 645 686 728 730 738 748 821 835 975 983"),
    ("CA", "257 273 354 382 428 683 879 942"),
  ])
  func `new area codes of North America are served`(country: String, codes: String) throws {
    let plan = try plan(country)
    for code in codes.split(separator: " ") {
      #expect(summary(plan.read("\(code) 234 5678")) == "1\(code)2345678 \(country) mobile")
      #expect(summary(plan.read("+1 \(code) 234 5678")) == "1\(code)2345678 \(country) mobile")
    }
  }

  @Test func `new area codes of Mexico are served`() throws {
    let plan = try plan("MX")
    for code in [220, 450, 657, 660, 720, 770, 870, 960] {
      #expect(summary(plan.read("\(code) 212 3456")) == "52\(code)2123456 MX mobile")
    }
  }

  @Test(arguments: [
    ("JP", "060 1234 5678", "816012345678 JP mobile"),
    ("TR", "0500 123 45 67", "905001234567 TR mobile"),
    ("TZ", "+255 704 999 622", "255704999622 TZ mobile"),
  ])
  func `new mobile ranges are served`(home: String, typed: String, expected: String) throws {
    #expect(try summary(plan(home).read(typed)) == expected)
  }

  @Test(arguments: [
    ("BJ", "+229 97 12 34 56"), ("DK", "+45 20 01 23 45"), ("FR", "+33 700 12 34 56"),
    ("QA", "+974 2812 3456"), ("IL", "+972 50 112 3456"),
  ])
  func `ranges that are no more are refused`(home: String, typed: String) throws {
    let reading = summary(try plan(home).read(typed))
    #expect(!reading.contains("mobile") && !reading.contains("landline"), "\(reading)")
  }

  @Test(arguments: [
    "55 1234 5678", "+52 55 1234 5678", "+52 1 55 1234 5678", "+5215512345678", "52 1 55 1234 5678",
    "0052 1 55 1234 5678", "01 55 1234 5678", "044 55 1234 5678", "045 55 1234 5678", "1 55 1234 5678",
  ])
  func `what Mexico had people dial until 2019 is dropped`(typed: String) throws {
    #expect(try summary(plan("MX").read(typed)) == "525512345678 MX mobile")
    #expect(try summary(plan("US", "US", "MX").read("+52 1 222 123 4567")) == "522221234567 MX mobile")
  }

  @Test func `Uzbekistan's former trunk prefix is dropped`() throws {
    for typed in ["90 123 45 67", "8 90 123 45 67", "+998 90 123 45 67"] {
      #expect(try summary(plan("UZ").read(typed)) == "998901234567 UZ mobile")
    }
  }

  @Test func `what was dialed once makes no number out of what never was one`() throws {
    #expect(try summary(plan("MX").read("+52 1 55 1234 567")) == "notValid")
    #expect(try summary(plan("MX").read("044 55 1234 56789")) == "tooLong")
    #expect(try summary(plan("US").read("044 55 1234 5678")) == "tooLong")
  }

  @Test func `one digit too many is not a number of another country`() throws {
    // Digits of a landline in Egypt.
    #expect(try summary(plan("US").read("202 555 01433")) == "tooLong")
    #expect(try summary(plan("US", "US", "EG").read("202 555 01433")) == "20255501433 EG landline")
    #expect(try summary(plan("US").read("44 7400 123456")) == "wrongCountry")
  }

  @Test func `the plan says which release it is from`() {
    #expect(LibPhoneNumber.metadataVersion.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
  }
}
