import Testing
import Verification

/// Numbers whose `+` was lost on the way, and numbers that could be two.
@Suite struct LostPlusTests {
  @Test(arguments: [
    "49 172 5555555", "491725555555", " 49 172 5555555", "(49) 172 5555555", "( 49) 172 5555555", "0049 172 5555555",
    "+49 172 5555555", "0172 5555555", "172 5555555",
  ])
  func `a mobile number goes before the landline that its digits are in some town`(typed: String) throws {
    #expect(try summary(plan("DE").read(typed)) == "491725555555 DE mobile")
    #expect(try summary(plan("DE", "DE", "US").read(typed)) == "491725555555 DE mobile")
  }

  @Test func `random mobile numbers of Germany are taken without their plus`() throws {
    let plan = try plan("DE")
    var numbers = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let prefix = ["151", "152", "155", "157", "159", "160", "162", "170", "171", "172", "175", "178", "179"]
        .randomElement()!
      let rest = (0..<(prefix.hasPrefix("15") ? 8 : 7)).map { _ in String(UInt8.random(in: 0...9, using: &numbers)) }
        .joined()
      let with = plan.read("+49" + prefix + rest)
      guard case .accepted = with else { continue }
      #expect(plan.read("49" + prefix + rest) == with, "49\(prefix)\(rest)")
    }
  }

  @Test(arguments: [
    ("ID", "628123456789", "628123456789 ID mobile"), ("IT", "39 312 345 6789", "393123456789 IT mobile"),
    ("GB", "44 7400 123456", "447400123456 GB mobile"), ("US", "1 202 555 0143", "12025550143 US mobile"),
    ("LU", "352 628 123 456", "352628123456 LU mobile"), ("AT", "43 664 123456", "43664123456 AT mobile"),
    ("FI", "358 41 2345678", "358412345678 FI mobile"),
  ])
  func `the home country's own code is seen`(home: String, typed: String, expected: String) throws {
    #expect(try summary(plan(home).read(typed)) == expected)
    #expect(try summary(plan(home).read(" " + typed)) == expected)
  }

  @Test func `the code of a country that is served is seen, where the number is no mobile one at home`() throws {
    #expect(try summary(plan("US", "US", "DE").read("4915123456789")) == "4915123456789 DE mobile")
    #expect(try summary(plan("DE", "DE", "FR").read("33612345678")) == "33612345678 FR mobile")
  }

  @Test func `where both are mobile numbers that are served, the visitor is asked, the likelier first`() throws {
    let plan = try plan("US", "US", "BZ")
    #expect(summary(plan.read("501 622 1234")) == "15016221234 US mobile or 5016221234 BZ mobile?")
    #expect(summary(plan.read(" 501 622 1234")) == "5016221234 BZ mobile or 15016221234 US mobile?")
    #expect(summary(plan.read("+1 501 622 1234")) == "15016221234 US mobile")
    #expect(summary(plan.read("+501 622 1234")) == "5016221234 BZ mobile")
  }

  @Test func `a mobile number at home is not doubted for a country that is not served`() throws {
    #expect(try summary(plan("US").read("501 622 1234")) == "15016221234 US mobile")
    // A blank where a plus belongs: then it is.
    #expect(try summary(plan("US").read(" 501 622 1234")) == "15016221234 US mobile?")
    // Nothing belongs there.
    #expect(try summary(plan("US").read("\t501 622 1234")) == "15016221234 US mobile")
    #expect(try summary(plan("US").read(" 202 555 0143")) == "12025550143 US mobile")
  }

  @Test func `nobody is offered a call whose number was perhaps not typed`() throws {
    // Numbers of France and Great Britain, which are not served, make landlines in Germany.
    #expect(try summary(plan("DE").read("442079460018")) == "49442079460018 DE landline?")
    #expect(try summary(plan("DE").read("33612345678")) == "4933612345678 DE landline?")
    #expect(
      try summary(plan("DE", "DE", "GB").read("442079460018"))
        == "442079460018 GB landline or 49442079460018 DE landline?")
    #expect(try summary(plan("DE", "DE", "GB").read(" 442079460018")) == "442079460018 GB landline")
    #expect(try summary(plan("DE").read("30 12345678")) == "493012345678 DE landline")
  }

  @Test(arguments: ["+49 49 172 5555555", "4949172 5555555", "0049 49 172 5555555", "+49 0049 172 5555555"])
  func `a code that stands there twice is asked about`(typed: String) throws {
    let reading = summary(try plan("DE").read(typed))
    #expect(reading.hasPrefix("491725555555 DE mobile") && reading.hasSuffix("?"), "\(reading)")
  }

  @Test func `a doubled code makes a number that there is not`() throws {
    #expect(try summary(plan("GB").read("+44 44 7400 123456")) == "447400123456 GB mobile?")
    #expect(try summary(plan("IT").read("+39 39 312 345 6789")) == "393123456789 IT mobile?")
    #expect(try summary(plan("RU").read("+7 7 912 345 67 89")) == "79123456789 RU mobile?")
    #expect(try summary(plan("GB").read("+44 44")) == "tooShort")
  }

  @Test func `a number that the visitor has confirmed is taken`() throws {
    let plan = try plan("DE", "DE", "US", "BZ")
    for typed in ["+49 49172 5555555", "4949172 5555555", "33612345678", "442079460018"] {
      guard case .unclear(let found) = plan.read(typed) else {
        Issue.record("\(typed): \(summary(plan.read(typed)))")
        continue
      }
      for destination in found {
        #expect(plan.read(plan.written(destination.number), isConfirmed: true) == .accepted(destination))
      }
      // And what was typed is never asked about, with + or without.
      guard case .accepted = plan.read(typed, isConfirmed: true) else {
        Issue.record("\(typed): \(summary(plan.read(typed, isConfirmed: true)))")
        continue
      }
    }
  }

  @Test func `no number is asked about of a country that is not served`() throws {
    for typed in ["501 622 1234", " 501 622 1234", "33612345678", "+49 49 172 5555555", "442079460018"] {
      for home in ["US", "DE", "GB"] {
        if case .unclear(let found) = try plan(home).read(typed) {
          #expect(!found.isEmpty && found.count <= 3 && found.allSatisfy { $0.country.code == home })
        }
      }
    }
  }
}
