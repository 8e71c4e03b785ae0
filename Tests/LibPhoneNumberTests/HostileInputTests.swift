import Testing
import Verification

@Suite struct HostileInputTests {
  @Test func `512 bytes are read and 513 are not`() throws {
    let plan = try plan("US")
    let number = "2025550143"

    #expect(summary(plan.read(number + String(repeating: " ", count: 502))) == "12025550143 US mobile")
    #expect(summary(plan.read(number + String(repeating: " ", count: 503))) == "unreadable")
    // 28 full-width characters of 3 bytes each.
    #expect(
      summary(plan.read("（＋１）　２　０　２　－　５　５　５　－　０　１　４　３" + String(repeating: "　", count: 142))) == "12025550143 US mobile"
    )
  }

  @Test(arguments: [
    "202\0555\00143", "2025550143\0", "\0", "2025550143\u{1B}[2J", "202٫555٫0143",
    "🙂", "202🙂5550143", "2️⃣0️⃣2️⃣5550143", "2\u{0301}025550143", "202\u{20DD}5550143",
    "²⁰²5550143", "ⅡⅤ25550143", "二〇二五五五〇一四三", "½2025550143", "O2025550143", "<b>2025550143</b>", "2025550143' OR 1=1",
    "%2B12025550143", "+1;phone-context=example.org", "2025550143@example.org", "\u{FFFD}\u{FFFD}",
  ])
  func `what is not a number is refused`(typed: String) throws {
    #expect(try summary(plan("US").read(typed)) == "unreadable")
  }

  @Test(arguments: [1, 2, 3, 16, 17, 18, 19, 20, 21, 100, 127, 128, 500])
  func `any number of digits is refused or accepted, and no more`(count: Int) throws {
    for digit in ["0", "1", "9", "０", "٠"] where digit.utf8.count * count <= 512 {
      for plus in ["", "+", "00"] {
        #expect(try plan("DE").read(plus + String(repeating: digit, count: count)) != .refused(.hasExtension))
      }
    }
  }

  @Test func `ten thousand digits are refused unread`() throws {
    #expect(try plan("US").read(String(repeating: "1", count: 10_000)) == .refused(.unreadable))
    #expect(try plan("US").read(String(repeating: "\u{200B}", count: 10_000)) == .refused(.unreadable))
  }

  @Test func `an extension is digits behind a mark behind a number`() throws {
    let plan = try plan("US")
    for tail in [
      "x1", " X 12", " ext 1", " Ext. 1", " extension: 9", ";ext=12", ",,12#", "#7", "~3", "ｘ１", " доб. 4", "×5",
    ] {
      #expect(plan.read("202-555-0143" + tail) == .refused(.hasExtension), "\(tail)")
    }
    for tail in ["x", "x#", "##1", " ext", " ext.", "#", ";ext=", "x1y", " ext 1 ext", " exit 1", "x1x2", "e1"] {
      #expect(plan.read("202-555-0143" + tail) == .refused(.unreadable), "\(tail)")
    }
    #expect(plan.read("2025x1") == .refused(.hasExtension))
    #expect(plan.read("202x1") == .refused(.unreadable))
  }

  @Test func `many threads read at the same time`() async throws {
    let plan = try plan("US", "US", "GB", "DE", "FR")
    let typed = ["2025550143", "+44 20 7946 0018", "+49 151 23456789", "+33 6 12 34 56 78", "+1 900 234 5678", "x"]
    let alone = typed.map { summary(plan.read($0)) }
    await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<50).flatMap { _ in typed.map { summary(plan.read($0)) } } }
      }
      for await together in group {
        #expect(together == (0..<50).flatMap { _ in alone })
      }
    }
  }

  @Test
  func `whatever is typed, only numbers of served countries come of it, and confirmed ones are never asked about`()
    throws
  {
    let plans = try [plan("DE", "DE", "US", "BZ", "GB"), plan("US"), plan("IT", "IT", "VA"), plan("GB", "JE")]
    let alphabet = Array(
      "00123456789++++49441 \u{A0}-.,/()[]<>\"'“”:;…·•\n\u{200B}\u{FE0F}٤９xX#~éa%2B\0".unicodeScalars)
    let starts = ["", "+", "00", "tel:", "sms:+", "https://wa.me/", " ", "++", "+49 49", "1", "49", "0"]
    for _ in 0..<5_000 {
      var text = String.UnicodeScalarView(starts.randomElement()!.unicodeScalars)
      for _ in 0..<Int.random(in: 0...24) { text.append(alphabet.randomElement()!) }
      let typed = String(text)
      let plan = plans.randomElement()!
      switch plan.read(typed) {
      case .refused: continue
      case .accepted(let found):
        #expect(plan.countries.allowed.contains(found.country), "\(typed.debugDescription)")
        #expect(
          plan.read(plan.written(found.number), isConfirmed: true) == .accepted(found), "\(typed.debugDescription)")
      case .unclear(let found):
        #expect((1...3).contains(found.count) && Set(found).count == found.count, "\(typed.debugDescription)")
        for one in found {
          #expect(plan.countries.allowed.contains(one.country))
          #expect(plan.read(plan.written(one.number), isConfirmed: true) == .accepted(one), "\(typed.debugDescription)")
        }
      }
    }
  }
}
