import CPhoneNumber
import LibPhoneNumber
import Testing
import Verification

@Suite struct CountryTests {
  @Test(arguments: [
    ("US", "+1 202 555 0143"), ("CA", "+1 204 234 5678"), ("JM", "+1 876 210 1234"), ("VI", "+1 340 642 1234"),
    ("GB", "+44 7400 123456"), ("GG", "+44 7911 123456"), ("JE", "+44 7797 712345"), ("IM", "+44 7624 123456"),
    ("RU", "+7 912 345 67 89"), ("KZ", "+7 771 000 9998"),
  ])
  func `countries with a common calling code are told apart`(owner: String, typed: String) throws {
    for home in ["US", "CA", "JM", "VI", "GB", "GG", "JE", "IM", "RU", "KZ"] {
      let reading = try plan(home).read(typed)
      switch reading {
      case .accepted(let found): #expect(found.country.code == owner && home == owner)
      case .refused(let refusal, let found):
        #expect(refusal == .wrongCountry && home != owner && found == Country(owner))
      case .unclear: Issue.record("unclear")
      }
    }
  }

  @Test(arguments: [
    ("EH", "+212 650 123456"), ("BL", "+590 690 00 12 34"), ("MF", "+590 690 00 12 34"), ("CX", "+61 412 345 678"),
    ("CC", "+61 412 345 678"), ("AX", "+358 41 2345678"), ("SJ", "+47 412 34 567"), ("VA", "+39 312 345 6789"),
    // A range that the library knows of both the Isle of Man and Great Britain.
    ("IM", "+44 7924 123456"), ("GB", "+44 7924 123456"),
  ])
  func `a country that shares the ranges of a larger neighbor can be served`(home: String, typed: String) throws {
    let plan = try plan(home)
    let reading = plan.read(typed)
    guard case .accepted(let found) = reading else {
      Issue.record("\(summary(reading))")
      return
    }
    #expect(found.country.code == home && found.line == .mobile)
    #expect(plan.country(of: found.number) == found.country)
  }

  @Test func `where both are served, a number belongs to whom the library says`() throws {
    #expect(try summary(plan("BL", "BL", "MF", "GP").read("+590 690 00 12 34")) == "590690001234 GP mobile")
    #expect(try summary(plan("BL", "BL", "MF").read("+590 690 00 12 34")) == "590690001234 BL mobile")
  }

  @Test func `a national number is looked for in the home country only`() throws {
    // A Canadian number as Canadians and Americans dial it, and a Kazakh one.
    #expect(try summary(plan("US").read("204 234 5678")) == "wrongCountry")
    #expect(try summary(plan("US", "US", "CA").read("204 234 5678")) == "12042345678 CA mobile")
    #expect(try summary(plan("RU").read("8 771 000 9998")) == "wrongCountry")
    #expect(try summary(plan("GB", "GB", "FR").read("06 12 34 56 78")) == "notValid")
  }

  @Test func `home need not be served`() throws {
    #expect(try summary(plan("US", "GB").read("202 555 0143")) == "wrongCountry")
    #expect(try summary(plan("US", "GB").read("+44 20 7946 0018")) == "442079460018 GB landline")
  }

  @Test func `the country of a number is known again later`() throws {
    let plan = try plan("US")

    #expect(try plan.country(of: #require(PhoneNumber(e164: "447911123456"))) == Country("GG"))
    #expect(try plan.country(of: #require(PhoneNumber(e164: "80012345678"))) == nil)
    #expect(try plan.country(of: #require(PhoneNumber(e164: "9991234567"))) == nil)
  }

  @Test func `a country has a calling code`() throws {
    let plan = try plan("US")

    #expect(try plan.callingCode(of: #require(Country("US"))) == "1")
    #expect(try plan.callingCode(of: #require(Country("GG"))) == "44")
    #expect(try plan.callingCode(of: #require(Country("ZZ"))) == nil)
  }

  @Test(arguments: [
    ("UK", ["UK"], ["UK"]), ("US", ["EU", "US", "UK"], ["EU", "UK"]), ("ZZ", ["US"], ["ZZ"]),
    ("ZZ", ["UK"], ["ZZ", "UK"]),
  ])
  func `countries without telephone numbers are named`(home: String, served: [String], unknown: [String]) throws {
    let countries = try #require(ServedCountries(home: Country(home), allowed: served.compactMap { Country($0) }))

    let error = #expect(throws: UnknownCountries.self) { try LibPhoneNumber(countries) }
    #expect(error?.countries.map(\.code) == unknown)
  }

  @Test func `the countries known are those that the library knows`() throws {
    let known = unsafe String(unsafeUninitializedCapacity: 4_096) { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe pingate_phone_regions($0.baseAddress, $0.count) }
    }
    #expect(known.utf8.count / 2 == 245)
    for first in UInt8(ascii: "A")...UInt8(ascii: "Z") {
      for second in UInt8(ascii: "A")...UInt8(ascii: "Z") {
        let code = String(decoding: [first, second], as: UTF8.self)
        let isKnown = stride(from: 0, to: known.utf8.count, by: 2).contains {
          known.utf8.dropFirst($0).starts(with: code.utf8)
        }
        #expect(((try? plan(code)) != nil) == isKnown, "\(code)")
      }
    }
  }
}
