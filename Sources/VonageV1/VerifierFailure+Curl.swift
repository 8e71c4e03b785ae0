internal import Curl
internal import Verification

extension VerifierFailure {
  /// What a request without an answer comes to: a kind of its own if Vonage certainly got nothing, so that nothing was sent
  /// or used up, and otherwise how the answer was lost.
  init(_ failure: CurlFailure) {
    self.init(Self.kind(failure), detail: failure.description)
  }

  private static func kind(_ failure: CurlFailure) -> Kind {
    switch failure.kind {
    case .untrustedCertificate: .untrustedCertificate
    case .closed where !failure.mayHaveBeenSent: .overloaded  // the program is ending
    case .timedOut where !failure.mayHaveBeenSent: .notReachedInTime
    case _ where !failure.mayHaveBeenSent: .unreachable
    case .timedOut: .timedOut
    case .tooLarge: .oversizedAnswer
    case .notHTTP: .malformedAnswer
    case .couldNotResolve, .couldNotConnect, .tlsFailed, .connectionLost, .cancelled, .closed, .other: .connectionLost
    }
  }
}
