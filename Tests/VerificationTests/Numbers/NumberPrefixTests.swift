import Testing
import Verification

@Suite struct NumberPrefixTests {
  @Test func `neighbors share a prefix, and only they do`() throws {
    let number = try #require(PhoneNumber(e164: "12025550143"))
    let neighbor = try #require(PhoneNumber(e164: "12025559999"))
    let stranger = try #require(PhoneNumber(e164: "12025560143"))

    #expect(NumberPrefix(of: number, width: .tenThousand) == NumberPrefix(of: neighbor, width: .tenThousand))
    #expect(NumberPrefix(of: number, width: .tenThousand) != NumberPrefix(of: stranger, width: .tenThousand))
    #expect(NumberPrefix(of: number, width: .million) == NumberPrefix(of: stranger, width: .million))
    #expect(NumberPrefix(of: number, width: .tenThousand).digits == "1202555")
    #expect(NumberPrefix(of: number, width: .million).digits == "12025")
  }

  @Test func `the shortest number leaves a prefix of one digit`() throws {
    let shortest = try #require(PhoneNumber(e164: "6834000"))

    #expect(NumberPrefix(of: shortest, width: .tenThousand).digits == "683")
    #expect(NumberPrefix(of: shortest, width: .million).digits == "6")
  }

  @Test func `a prefix shows that it is one`() throws {
    let number = try #require(PhoneNumber(e164: "12025550143"))

    #expect("\(NumberPrefix(of: number, width: .tenThousand))" == "+1202555…")
  }
}
