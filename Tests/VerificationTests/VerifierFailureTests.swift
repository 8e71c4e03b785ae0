import Testing
import Verification

struct VerifierFailureTests {
  @Test func `every kind has a stable code of its own`() {
    let codes = VerifierFailure.Kind.allCases.map { VerifierFailure($0, detail: "").code }
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: #/provider\.[a-z_]+/#) != nil })
    #expect(VerifierFailure(.timedOut, detail: "").code == "provider.timed_out")
  }
}
