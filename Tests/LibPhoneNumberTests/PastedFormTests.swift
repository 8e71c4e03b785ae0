import Testing
import Verification

/// Numbers with what comes along when they are copied.
@Suite struct PastedFormTests {
  @Test(arguments: [
    // Invisible characters of address books, web pages and PDFs.
    "+1\u{FE0D}-202-555-0143", "\u{2068}+1 202-555-0143\u{2069}", "\u{202D}+1 (202) 555-0143\u{202C}",
    "\u{61C}+1 202 555 0143", "+1\u{34F}2025550143", "\u{E0031}2025550143", "202\u{3164}5550143",
    "202\u{2062}555\u{180E}0143",
    // Line ends and blanks.
    "2025550143\r\n", "\n2025550143", "202\n5550143", "202\r\n5550143", "202\u{2028}5550143", "202\u{B}5550143",
    "202\u{85}5550143", "202\u{1680}555\u{2003}0143",
    // Links.
    "tel:+12025550143", "tel:+1-202-555-0143", "TEL:+1-202-555-0143", "tel:2025550143", "tel://+12025550143",
    "tel:+1%20202%20555%200143", "tel:%2B12025550143", "tel:(202)555-0143", "sms:+12025550143",
    "sms:+12025550143?body=Hi",
    "sms:+12025550143&body=Hi", "smsto:+12025550143", "callto:+12025550143", "<tel:+12025550143>", " tel:+12025550143 ",
    "Tel: 202 555 0143", "https://wa.me/12025550143", "https://wa.me/12025550143?text=Hi%20there", "wa.me/+12025550143",
    "https://api.whatsapp.com/send?phone=12025550143&text=Hi", "https://signal.me/#p/+12025550143",
    // Quotes, and what ends a sentence or a cell.
    "\"2025550143\"", "'+12025550143", "“202-555-0143”", "«+1 202 555 0143»", "「2025550143」", "`2025550143`",
    "2025550143,", "2025550143;", "2025550143.", "202-555-0143!", "202-555-0143…", "+1 202 555 0143、", "‚2025550143‘,",
    "12025550143.0", "+12025550143.0", "12025550143,0", "<+12025550143>", ": 202-555-0143",
    // Plus signs.
    "++1 202 555 0143", "00+1 202 555 0143", "+001 202 555 0143", "++001 202 555 0143", "+ +1 202 555 0143",
    "＋＋12025550143", "+1 +1 202 555 0143", "(+1) +12025550143", "001 +1 202 555 0143", "﹢1 202 555 0143",
    // Bullets and dashes between the groups.
    "202·555·0143", "202•555•0143", "202・555・0143", "202‧555∙0143", "202_555_0143", "202—555―0143", "202﹘555﹣0143",
    "202〜555〰0143",
  ])
  func `the same number with all that is copied along`(typed: String) throws {
    #expect(try summary(plan("US").read(typed)) == "12025550143 US mobile")
  }

  @Test(arguments: [
    "tel:", "tel:abc", "tel:+12025550143;phone-context=x", "mailto:+12025550143", "http://12025550143", "wa.me/",
    "https://wa.me/message/ABCDEF", "https://example.org/12025550143", "tel:%00", "tel:+1202%zz5550143",
    "Tel 202 555 0143",
    "2025550143 \"2025550144\"", "2025550143,2025550144;", "\"", "'", ",", "…", "++", "00+", "1+2025550143",
    "+2 +1 202 555 0143", "+1 +1 +1 202 555 0143", "2025550143+", "12345+12345678", "\u{200B}",
  ])
  func `what is no number does not become one`(typed: String) throws {
    let reading = summary(try plan("US").read(typed))
    #expect(["unreadable", "hasExtension"].contains(reading), "\(reading)")
  }

  @Test func `an extension in a link is one`() throws {
    #expect(try summary(plan("US").read("tel:+1-202-555-0143;ext=5")) == "hasExtension")
  }

  @Test func `a decimal that is none of a spreadsheet's is part of the number`() throws {
    #expect(try summary(plan("US").read("202.555.0140")) == "12025550140 US mobile")
    #expect(try summary(plan("US").read("202555014.0")) == "tooShort")
  }

  @Test func `a number is read in every script, and with every blank, dash and invisible character in it`() throws {
    let plan = try plan("US")
    for scalar in (UInt32(0)...0x10FFFF).lazy.compactMap({ Unicode.Scalar($0) }) {
      switch TypedCharacter(scalar) {
      case .digit(0):
        let digits = [2, 0, 2, 5, 5, 5, 0, 1, 4, 3].map { Unicode.Scalar(scalar.value + $0)! }
        #expect(
          summary(plan.read(String(String.UnicodeScalarView(digits)))) == "12025550143 US mobile", "\(scalar.value)")
      case .invisible, .blank, .dash, .bullet:
        #expect(summary(plan.read("+1 202\(scalar)5550143\(scalar)")) == "12025550143 US mobile", "\(scalar.value)")
      case .quote, .stop:
        #expect(summary(plan.read("\(scalar)2025550143\(scalar)")) == "12025550143 US mobile", "\(scalar.value)")
      default: continue
      }
    }
  }
}
