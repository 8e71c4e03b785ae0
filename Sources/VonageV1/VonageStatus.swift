internal import Verification

/// The status of a Verify v1 response and what it means: the only place that knows Vonage's numbers.
///
/// A number means the same wherever it occurs (specification 1.2.4, `requestErrorResponse` and `checkErrorResponse`).
/// The accompanying texts change, and are ignored.
struct VonageStatus: Sendable, Hashable {
  let number: Int

  /// The outcome of a start.
  ///
  /// - Parameter requestID: the response's `request_id`, if it is well-formed.
  func startOutcome(_ requestID: RequestID?) throws(VerifierFailure) -> SendOutcome {
    switch number {
    case 0: return .sent(try present(requestID))
    // 10 names the running request, which a visitor whose response was lost can continue with.
    case 10: return .alreadyRunning(try present(requestID))
    // PinGate's own parameters have been validated (`VonageSettings`), so the invalid one is the number.
    case 3: return .badNumber
    case 7: return .blocked
    case 15: return .unsupportedDestination
    case 6: throw failure(.cannotProcess)
    default: throw failure(commonFailure)
    }
  }

  /// The outcome of a check.
  func checkOutcome() throws(VerifierFailure) -> CheckOutcome {
    switch number {
    case 0: return .verified
    case 6: return .gone
    case 16: return .wrongCode
    case 17: return .tooManyWrongCodes
    case 3: throw failure(.invalidRequest)
    default: throw failure(commonFailure)
    }
  }

  /// The outcome of `cancel` and `trigger_next_event`.
  enum ControlOutcome: Sendable, Hashable {
    case done
    /// Too early, too late, or nothing left to trigger: all have the same number, and only the time tells them apart.
    case notNow
    /// There is no such running request.
    case gone
  }

  /// The outcome of a control request.
  func controlOutcome() throws(VerifierFailure) -> ControlOutcome {
    switch number {
    case 0: return .done
    case 6: return .gone
    case 19: return .notNow
    case 3: throw failure(.invalidRequest)
    default: throw failure(commonFailure)
    }
  }

  /// Returns if the search got through: what it found does not matter.
  func searchOutcome() throws(VerifierFailure) {
    switch number {
    // 101 means "no such request", and so does 6 in older responses; 3 says that the request id is invalid.
    case 0, 3, 6, 101: return
    default: throw failure(commonFailure)
    }
  }

  /// Failures that have nothing to do with the visitor: PinGate's, the account's or Vonage's fault, for any request.
  private var commonFailure: VerifierFailure.Kind {
    switch number {
    case 1: .throttled
    case 2: .invalidRequest
    case 4: .badCredentials
    case 5: .internalError
    case 8: .accountBarred
    case 9: .quotaExceeded
    // A parameter that the account may not use.
    case 20: .featureNotEnabled
    // A demo account, and a number that is not on its list.
    case 29: .notPermitted
    default: .unknownStatus
    }
  }

  private func failure(_ kind: VerifierFailure.Kind) -> VerifierFailure {
    VerifierFailure(kind, code: Self.code("\(number)"), detail: "status \(number)")
  }

  /// A Vonage code, prefixed with the provider's name.
  static func code(_ text: String) -> String { "\(Provider.vonageV1)/\(text)" }

  private func present(_ requestID: RequestID?) throws(VerifierFailure) -> RequestID {
    guard let requestID else {
      throw VerifierFailure(
        .malformedAnswer, code: Self.code("\(number)"),
        detail: "status \(number) without a well-formed request_id")
    }
    return requestID
  }
}
