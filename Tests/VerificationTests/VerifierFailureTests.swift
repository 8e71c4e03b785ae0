import Testing
import Verification

struct VerifierFailureTests {
  @Test func `every kind has a stable code of its own`() {
    let codes = VerifierFailure.Kind.allCases.map { VerifierFailure($0, detail: "").code }
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: #/provider\.[a-z_]+/#) != nil })
    #expect(VerifierFailure(.timedOut, detail: "").code == "provider.timed_out")
  }

  @Test func `nothing was sent for sure only where the provider said no or got nothing`() {
    let unsure = VerifierFailure.Kind.allCases.filter { !VerifierFailure($0, detail: "").isCertainlyNotSent }
    #expect(
      unsure == [
        .internalError, .unknownStatus, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost, .timedOut,
      ])
    #expect(VerifierFailure(.timedOut, detail: "", isCertainlyNotSent: true).isCertainlyNotSent)
    #expect(!VerifierFailure(.throttled, detail: "", isCertainlyNotSent: false).isCertainlyNotSent)
  }

  @Test func `the asker pays for the asking but where nothing was reached or the account is at fault`() {
    let free = VerifierFailure.Kind.allCases.filter { !$0.costsAsker }
    #expect(
      free == [
        .incompleteRequest, .invalidParameter, .badCredentials, .accountBarred, .quotaExceeded, .parameterNotAllowed,
        .unreachable, .untrustedCertificate, .overloaded,
      ])
  }
}
