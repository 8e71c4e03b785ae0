import Foundation
import Verification

/// A provider that answers what a test tells it to, and remembers what it was asked.
///
/// Safe to share: everything that changes is behind `lock`.
final class ScriptedVerifier: Verifier, @unchecked Sendable {
  private let lock = NSLock()
  private var starting: Result<StartOutcome, VerifierFailure> = .success(.started(.test))
  private var checking: Result<CheckOutcome, VerifierFailure> = .success(.verified)
  private var startCalls: [(number: PhoneNumber, languages: [String])] = []
  private var checkCalls: [(code: Code, request: RequestID)] = []

  func onStart(_ result: Result<StartOutcome, VerifierFailure>) { lock.withLock { starting = result } }
  func onCheck(_ result: Result<CheckOutcome, VerifierFailure>) { lock.withLock { checking = result } }

  var started: [(number: PhoneNumber, languages: [String])] { lock.withLock { startCalls } }
  var checked: [(code: Code, request: RequestID)] { lock.withLock { checkCalls } }

  func start(_ number: PhoneNumber, languages: [String]) async throws(VerifierFailure) -> StartOutcome {
    let result = lock.withLock {
      startCalls.append((number, languages))
      return starting
    }
    return try result.get()
  }

  func check(_ code: Code, of request: RequestID) async throws(VerifierFailure) -> CheckOutcome {
    let result = lock.withLock {
      checkCalls.append((code, request))
      return checking
    }
    return try result.get()
  }
}

extension RequestID {
  static let test = RequestID("abcdef0123456789abcdef0123456789")!
}
