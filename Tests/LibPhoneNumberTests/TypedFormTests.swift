import Testing
import Verification

/// Numbers as people type them.
@Suite struct TypedFormTests {
  @Test(arguments: [
    "2025550143", "202-555-0143", "(202) 555-0143", "202.555.0143", "202 555 0143", "202/555/0143", "[202] 555 0143",
    "1 202 555 0143", "1-202-555-0143", "12025550143", "+1 202 555 0143", "+12025550143", "(+1) 202 555 0143",
    "+ 1 (202) 555-0143", "001 202 555 0143", "011 1 202 555 0143", "2025550143 ", "\t2025550143",
    "２０２ー５５５ー０１４３", "＋１（２０２）５５５－０１４３", "٢٠٢ ٥٥٥ ٠١٤٣", "+١ ٢٠٢ ٥٥٥ ٠١٤٣", "۲۰۲۵۵۵۰۱۴۳", "२०२ ५५५ ०१४३",
    "202\u{2011}555\u{2011}0143", "202–555–0143", "202\u{00A0}555\u{202F}0143", "202\u{3000}555\u{3000}0143",
    "\u{202A}+1 202 555 0143\u{202C}", "\u{200E}202\u{200B}555\u{00AD}0143\u{FEFF}", "\u{2066}202-555-0143\u{2069}",
  ])
  func `the same number in all its forms`(typed: String) throws {
    #expect(try summary(plan("US").read(typed)) == "12025550143 US mobile")
  }

  @Test(arguments: [
    ("GB", "020 7946 0018", "442079460018 GB landline"),
    ("GB", "+44 (0)20 7946 0018", "442079460018 GB landline"),
    ("GB", "+44 020 7946 0018", "442079460018 GB landline"),
    ("GB", "0044 (0)20 7946 0018", "442079460018 GB landline"),
    ("GB", "442079460018", "442079460018 GB landline"),
    ("DE", "0151/234 567 89", "4915123456789 DE mobile"),
    ("DE", "+49 (0) 151 23456789", "4915123456789 DE mobile"),
    ("FR", "06 12 34 56 78", "33612345678 FR mobile"),
    ("FR", "0033 6 12 34 56 78", "33612345678 FR mobile"),
    // Italy's zero belongs to the number.
    ("IT", "06 1234 5678", "390612345678 IT landline"),
    ("IT", "+39 06 1234 5678", "390612345678 IT landline"),
    ("IT", "312 345 6789", "393123456789 IT mobile"),
    // Other trunk prefixes, carrier codes and tokens for mobile telephones.
    ("RU", "8 912 345-67-89", "79123456789 RU mobile"),
    ("MX", "+52 1 55 1234 5678", "525512345678 MX mobile"),
    ("AR", "011 15-2345-6789", "5491123456789 AR mobile"),
    ("BR", "0 15 11 96123-4567", "5511961234567 BR mobile"),
    ("JP", "０９０ー１２３４ー５６７８", "819012345678 JP mobile"),
  ])
  func `national forms`(home: String, typed: String, expected: String) throws {
    #expect(try summary(plan(home).read(typed)) == expected)
  }

  @Test(arguments: [
    ("US", "011 44 20 7946 0018"), ("AU", "0011 44 20 7946 0018"), ("RU", "8~10".filter { $0 != "~" } + "442079460018"),
    ("DE", "00442079460018"), ("US", "00 44 20 7946 0018"), ("AU", "00 44 20 7946 0018"),
  ])
  func `from abroad with the home country's own international prefix or with 00`(home: String, typed: String) throws {
    #expect(try summary(plan(home, "GB").read(typed)) == "442079460018 GB landline")
  }

  @Test func `bare digits are a national number first, and a number without its plus else`() throws {
    // The tutorial's example: understood everywhere, but toll free.
    #expect(try summary(plan("US").read("18005551234")) == "tollFree")
    #expect(try summary(plan("GB", "GB", "US").read("18005551234")) == "tollFree")
    #expect(try summary(plan("GB", "GB", "US").read("12025550143")) == "12025550143 US mobile")
    #expect(try summary(plan("GB", "DE", "GB").read("442079460018")) == "442079460018 GB landline")
  }

  @Test func `bare digits that are no number anywhere are blamed as a national number`() throws {
    #expect(try summary(plan("US").read("202555014")) == "tooShort")
    #expect(try summary(plan("US").read("20255501433")) == "tooLong")
  }
}
