import Testing
import Verification

@Suite struct WrittenFormTests {
  @Test(arguments: [
    ("12025550143", "+1 202-555-0143"), ("442079460018", "+44 20 7946 0018"), ("390612345678", "+39 06 1234 5678"),
    ("33612345678", "+33 6 12 34 56 78"), ("80012345678", "+800 1234 5678"),
  ])
  func `a number is written as abroad`(digits: String, expected: String) throws {
    #expect(try plan("US").written(#require(PhoneNumber(e164: digits))) == expected)
  }

  @Test(arguments: ["9991234567", "999999999999999", "1111111"])
  func `what the library cannot write is written plainly`(digits: String) throws {
    #expect(try plan("US").written(#require(PhoneNumber(e164: digits))).filter { $0 != " " } == "+" + digits)
  }

  @Test func `what was written is read as the same number`() throws {
    let plan = try plan("US", "US", "GB", "IT", "AR", "JP")
    for typed in ["2025550143", "+44 20 7946 0018", "+39 06 1234 5678", "+54 9 11 2345 6789", "+81 90-1234-5678"] {
      guard case .accepted(let found) = plan.read(typed) else {
        Issue.record("refused: \(typed)")
        continue
      }
      #expect(plan.read(plan.written(found.number)) == .accepted(found))
    }
  }
}
