public import Logging
public import Tokens
public import Verification

/// Ends requests that visitors gave up: asks the provider, and neither counts nor answers anybody.
///
/// A request may have to be left to a process that lives longer (CGI): then its attempt is sealed into a token, and the
/// other process' canceller opens it.
public struct Canceller: Sendable {
  private let verifier: any Verifier
  private let tokens: TokenSeal<PendingAttempt>
  private let clock: @Sendable () -> Timestamp
  private let sleep: @Sendable (Duration) async -> Void
  private let log: Logger

  /// - Parameters:
  ///   - site: what tells this site from another one that has the same keys.
  ///   - clock: what time it is.
  ///   - sleep: waits.
  public init(
    verifier: any Verifier, keyring: Keyring, site: String, log: Logger, clock: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Duration) async -> Void
  ) {
    self.verifier = verifier
    tokens = TokenSeal(keyring, for: .leftAttempt, site: site)
    self.log = log
    self.clock = clock
    self.sleep = sleep
  }

  /// Ends the request that another process has left to this one, as soon as the provider permits it.
  ///
  /// - Parameter token: what that process' `leave` was given.
  /// - Returns: whether it was one of this site's.
  public func endLeft(_ token: String) async -> Bool {
    guard let attempt = tokens.open(token)?.attempt, attempt.requestID.provider == verifier.provider,
      !attempt.isOver(at: clock())
    else { return false }
    let reference = RequestContext.newReference()
    if let wait = await end(attempt, reference) {
      await end(attempt, reference, after: wait)
    }
    return true
  }

  /// What another process' `endLeft` takes; nil when it cannot be sealed.
  func token(for pending: PendingAttempt) -> String? { tokens.seal(pending) }

  func end(_ attempt: Attempt, _ reference: String, after wait: Duration) async {
    await sleep(wait)
    _ = await end(attempt, reference)
  }

  /// - Parameter reference: the name of the request that wants it, in the log.
  /// - Returns: how long the provider wants to be left alone before it is asked again; nil when it is done with.
  func end(_ attempt: Attempt, _ reference: String) async -> Duration? {
    let outcome: CancelOutcome
    do {
      outcome = try await verifier.cancel(attempt)
    } catch {
      // The visitor goes on: the request ends by itself.
      log.warning(
        "cancel.\(error.kind.rawValue)", metadata: ["exchange": "\(reference)", "detail": "\(error.detail)"])
      return nil
    }
    switch outcome {
    case .tooEarly(let wait): return wait
    case .cancelled, .tooLate, .gone:
      log.info("cancel.\(outcome)", metadata: ["exchange": "\(reference)", "request": "\(attempt.requestID)"])
      return nil
    }
  }
}
