internal import Limits
internal import Logging
internal import Verification

/// What follows from what the provider said to a message: the answer, and what becomes of its charge.
///
/// One reference: see `RequestContext`.
final class SendResult: Sendable {
  enum Charge: Sendable {
    /// The charge stays, with the answer for whoever asks for the same again.
    case finished(SendAnswer)
    case givenBack(Receipt)
    /// The charge stays, and nobody will know the answer.
    case left
  }

  let outcome: Outcome
  let charge: Charge
  /// The request that runs already: the store knows whether the visitor has a page of it.
  let running: RequestID?
  let failure: VerifierFailure?
  /// More for the log.
  let details: Logger.Metadata

  init(
    _ outcome: Outcome, _ charge: Charge, running: RequestID? = nil,
    failure: VerifierFailure? = nil, details: Logger.Metadata = [:]
  ) {
    self.outcome = outcome
    self.charge = charge
    self.running = running
    self.failure = failure
    self.details = details
  }
}
