import Testing
import Verification

struct VerifierFailureTests {
  @Test func `nothing was sent for sure only where the provider said no or got nothing`() {
    let unsure = VerifierFailure.Kind.allCases.filter { !VerifierFailure($0, detail: "").isCertainlyNotSent }
    #expect(
      unsure == [
        .internalError, .unknownStatus, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost, .timedOut,
      ])
  }

  @Test func `what happened before the message was asked for is the same failure, and nothing was sent`() {
    let failure = VerifierFailure(.timedOut, code: "x/1", detail: "detail", retryAfter: .seconds(3))
    let before = failure.beforeSending()
    #expect(!failure.isCertainlyNotSent && before.isCertainlyNotSent && !before.hasEndedRequest)
    #expect(
      before.kind == .timedOut && before.providerCode == "x/1" && before.detail == "detail"
        && before.retryAfter == .seconds(3))
  }

  @Test func `what happened after the running request was ended is the same failure, and as unsure as it was`() {
    for kind in [VerifierFailure.Kind.timedOut, .throttled] {
      let failure = VerifierFailure(kind, code: "x/1", detail: "detail", retryAfter: .seconds(3))
      let after = failure.afterEndingRequest()
      #expect(!failure.hasEndedRequest && after.hasEndedRequest)
      #expect(after.isCertainlyNotSent == failure.isCertainlyNotSent && after.retryAfter == .seconds(3))
    }
  }

  @Test func `the asker pays for the asking but where nothing was reached or the account is at fault`() {
    let free = VerifierFailure.Kind.allCases.filter { !$0.costsAsker }
    #expect(
      free == [
        .invalidRequest, .badCredentials, .accountBarred, .quotaExceeded, .featureNotEnabled, .unreachable,
        .notReachedInTime, .untrustedCertificate, .overloaded,
      ])
  }
}
