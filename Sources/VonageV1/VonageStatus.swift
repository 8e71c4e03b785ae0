internal import Verification

/// The status of an answer of Verify v1 and what it means: the only place that knows Vonage's numbers.
///
/// A number means the same wherever it appears (specification 1.2.4, `requestErrorResponse` and `checkErrorResponse`);
/// the texts that come along change, and are never looked at.
struct VonageStatus: Sendable, Hashable {
  let number: Int

  /// What came of a start.
  ///
  /// - Parameter requestID: the answer's `request_id`, if it has a well-formed one.
  func startOutcome(_ requestID: RequestID?) throws(VerifierFailure) -> SendOutcome {
    switch number {
    case 0: return .sent(try present(requestID))
    // 10 names the running request, which a visitor whose answer was lost goes on with.
    case 10: return .alreadyRunning(try present(requestID))
    // Our own parameters were checked (`VonageSettings`), so the invalid one is the number.
    case 3: return .badNumber
    case 7: return .blocked
    case 15: return .unsupportedDestination
    case 6: throw failure(.cannotProcess)
    default: throw failure(commonFailure)
    }
  }

  /// What came of a check.
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

  /// What Vonage says to `cancel` and `trigger_next_event`.
  enum ControlOutcome: Sendable, Hashable {
    case done
    /// Too early, too late, or nothing left to trigger: the number is the same, and only the time tells.
    case notNow
    /// There is no such running request.
    case gone
  }

  /// What came of a control request.
  func controlOutcome() throws(VerifierFailure) -> ControlOutcome {
    switch number {
    case 0: return .done
    case 6: return .gone
    case 19: return .notNow
    case 3: throw failure(.invalidRequest)
    default: throw failure(commonFailure)
    }
  }

  /// Whether a search came back: what it found does not matter.
  func searchOutcome() throws(VerifierFailure) {
    switch number {
    // 101 is "no such request", and so is 6 in older answers; 3 says the same of the request's name.
    case 0, 3, 6, 101: return
    default: throw failure(commonFailure)
    }
  }

  /// What is nobody's fault but ours, the account's or Vonage's, whatever was asked.
  private var commonFailure: VerifierFailure.Kind {
    switch number {
    case 1: .throttled
    case 2: .invalidRequest
    case 4: .badCredentials
    case 5: .internalError
    case 8: .accountBarred
    case 9: .quotaExceeded
    // A parameter that the account has not.
    case 20: .featureNotEnabled
    // A demo account, and a number that is not on its list.
    case 29: .notPermitted
    default: .unknownStatus
    }
  }

  private func failure(_ kind: VerifierFailure.Kind) -> VerifierFailure {
    VerifierFailure(kind, code: Self.code("\(number)"), detail: "status \(number)")
  }

  /// A code of Vonage's, with whose it is.
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
