internal import Curl
internal import Verification

extension VerifierFailure {
  /// The failure for a request that got no response: a category of its own if Vonage certainly received nothing, so
  /// that nothing was sent or used up; otherwise how the response was lost.
  init(_ failure: CurlFailure) {
    self.init(Self.kind(failure), detail: failure.description)
  }

  private static func kind(_ failure: CurlFailure) -> Kind {
    switch failure.kind {
    case .untrustedCertificate: .untrustedCertificate
    case .closed where !failure.mayHaveBeenSent: .overloaded  // The program is shutting down.
    case .timedOut where !failure.mayHaveBeenSent: .notReachedInTime
    case _ where !failure.mayHaveBeenSent: .unreachable
    case .timedOut: .timedOut
    case .tooLarge: .oversizedAnswer
    case .notHTTP: .malformedAnswer
    case .couldNotResolve, .couldNotConnect, .tlsFailed, .connectionLost, .cancelled, .closed, .other: .connectionLost
    }
  }
}
