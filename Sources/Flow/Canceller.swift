public import Logging
public import Tokens
public import Verification

/// Ends requests that visitors gave up: it asks the provider to, and neither counts anything nor answers anybody.
///
/// A CGI program has to leave a request to a process that lives longer: then the attempt is sealed into a token, which the other
/// process's canceller opens.
public struct Canceller: Sendable {
  private let verifier: any Verifier
  private let tokens: TokenSeal<PendingAttempt>
  private let clock: @Sendable () -> Timestamp
  private let sleep: @Sendable (Duration) async -> Void
  private let log: Logger

  /// - Parameters:
  ///   - site: the name that tells this site apart from another one with the same keys.
  ///   - clock: the time of day.
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

  /// Ends a request that another process left to this one, as soon as the provider permits.
  ///
  /// - Parameter token: what that process gave to its `leave`.
  /// - Returns: whether the token was one of this site's.
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

  /// The token for another process's `endLeft`; nil if it cannot be sealed.
  func token(for pending: PendingAttempt) -> String? { tokens.seal(pending) }

  func end(_ attempt: Attempt, _ reference: String, after wait: Duration) async {
    await sleep(wait)
    _ = await end(attempt, reference)
  }

  /// - Parameter reference: the reference, in the log, of the visitor's request that wanted this.
  /// - Returns: how long to wait before asking the provider again; nil if there is nothing more to do.
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
