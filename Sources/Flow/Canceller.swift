public import Logging
public import Tokens
public import Verification

/// Cancels requests that visitors gave up, at the provider. It counts nothing and answers nobody.
///
/// A CGI program has to leave a request to a longer-lived process: then the attempt is sealed into a token, which the
/// other process's canceller opens.
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

  /// Cancels a request that another process left to this one, as soon as the provider permits.
  ///
  /// - Parameter token: what that process passed to its `leave`.
  /// - Returns: whether the token belongs to this site.
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

  /// - Parameter reference: identifies, in the log, the visitor's request that caused this.
  /// - Returns: how long to wait before asking the provider again; nil if there is nothing more to do.
  func end(_ attempt: Attempt, _ reference: String) async -> Duration? {
    let outcome: CancelOutcome
    do {
      outcome = try await verifier.cancel(attempt)
    } catch {
      // The visitor is not affected: the request expires by itself.
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
