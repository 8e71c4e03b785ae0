import Testing
import Verification

struct RequestIDTests {
  @Test(arguments: [
    "abcdef0123456789abcdef0123456789", "c11236f4-00bf-4b89-84ba-88b25df97315", "VE_a", "0", "Zz-_9",
  ])
  func `the ids of all providers are taken`(value: String) {
    #expect(RequestID(value, of: .vonageV1)?.value == value)
  }

  @Test func `an id has 1 to 64 characters`() {
    #expect(RequestID("", of: .vonageV1) == nil)
    #expect(RequestID(String(repeating: "a", count: 64), of: .vonageV1) != nil)
    #expect(RequestID(String(repeating: "a", count: 65), of: .vonageV1) == nil)
  }

  @Test(arguments: ["a b", "a/b", "../a", "a.b", "a%2F", "a\0", "a\n", "é", "a:b", "a&b=c", "@", "[", "`", "{"])
  func `anything outside the alphabet makes it none`(value: String) {
    #expect(RequestID(value, of: .vonageV1) == nil)
  }
}
