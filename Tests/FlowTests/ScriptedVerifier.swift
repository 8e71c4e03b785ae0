import Foundation
import Threads
import Verification

/// A provider that answers what a test tells it to, and remembers what it was asked.
///
/// Safe to share: everything that changes is behind `lock`.
final class ScriptedVerifier: Verifier, @unchecked Sendable {
  let capabilities: VerifierCapabilities
  let provider: Provider
  private let lock = Lock()
  private var starting: Result<SendOutcome, VerifierFailure> = .success(.sent(.test))
  private var checking: Result<CheckOutcome, VerifierFailure> = .success(.verified)
  private var resending: Result<SendOutcome, VerifierFailure> = .success(.sent(.second))
  private var cancelling: Result<CancelOutcome, VerifierFailure> = .success(.cancelled)
  private var startCalls: [(number: PhoneNumber, channel: Channel, languages: [String])] = []
  private var checkCalls: [(code: Code, attempt: Attempt)] = []
  private var resendCalls: [(attempt: Attempt, channel: Channel, languages: [String])] = []
  private var cancelCalls: [Attempt] = []
  private var interruption: (@Sendable () async -> Void)?
  private var checkInterruption: (@Sendable () async -> Void)?

  init(
    provider: Provider = .vonageV1,
    capabilities: VerifierCapabilities = VerifierCapabilities(
      codeLength: 6...6, codeLifetime: .seconds(300), channels: [.text, .call])
  ) {
    self.provider = provider
    self.capabilities = capabilities
  }

  func onStart(_ result: Result<SendOutcome, VerifierFailure>) { lock.withLock { starting = result } }
  func onCheck(_ result: Result<CheckOutcome, VerifierFailure>) { lock.withLock { checking = result } }
  func onSendAgain(_ result: Result<SendOutcome, VerifierFailure>) { lock.withLock { resending = result } }
  func onCancel(_ result: Result<CancelOutcome, VerifierFailure>) { lock.withLock { cancelling = result } }
  /// Runs while a message is asked for.
  func meanwhile(_ action: (@Sendable () async -> Void)?) { lock.withLock { interruption = action } }
  /// Runs while a PIN is checked.
  func beforeCheck(_ action: (@Sendable () async -> Void)?) { lock.withLock { checkInterruption = action } }

  var started: [(number: PhoneNumber, channel: Channel, languages: [String])] { lock.withLock { startCalls } }
  var checked: [(code: Code, attempt: Attempt)] { lock.withLock { checkCalls } }
  var sentAgain: [(attempt: Attempt, channel: Channel, languages: [String])] { lock.withLock { resendCalls } }
  var cancelled: [Attempt] { lock.withLock { cancelCalls } }

  func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    let (result, action) = lock.withLock {
      startCalls.append((number, channel, languages))
      return (starting, interruption)
    }
    await action?()
    return try result.get()
  }

  func check(_ code: Code, of attempt: Attempt) async throws(VerifierFailure) -> CheckOutcome {
    let (result, action) = lock.withLock {
      checkCalls.append((code, attempt))
      return (checking, checkInterruption)
    }
    await action?()
    return try result.get()
  }

  func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    let (result, action) = lock.withLock {
      resendCalls.append((attempt, channel, languages))
      return (resending, interruption)
    }
    await action?()
    return try result.get()
  }

  func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome {
    let result = lock.withLock {
      cancelCalls.append(attempt)
      return cancelling
    }
    return try result.get()
  }
}

extension RequestID {
  static let test = RequestID("abcdef0123456789abcdef0123456789", of: .vonageV1)!
  static let third = RequestID("3333333333333333abcdef0123456789", of: .vonageV1)!
  static let second = RequestID("2222222222222222abcdef0123456789", of: .vonageV1)!
}
