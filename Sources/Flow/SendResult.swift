internal import Limits
internal import Logging
internal import Verification

/// What follows from the provider's answer to a message: our answer, and what becomes of the reservation.
///
/// A class, so that it is one reference: see `RequestContext`.
final class SendResult: Sendable {
  enum Disposition: Sendable {
    /// The reservation stays, with the answer for whoever asks for the same again.
    case commit(SendAnswer)
    case release(Reservation)
    /// The reservation stays, and nobody will know the answer.
    case keep
  }

  let outcome: Outcome
  let disposition: Disposition
  /// The request that was running already; the store knows whether the visitor has a page for it.
  let running: RequestID?
  let failure: VerifierFailure?
  /// Further fields for the log.
  let details: Logger.Metadata

  init(
    _ outcome: Outcome, _ disposition: Disposition, running: RequestID? = nil,
    failure: VerifierFailure? = nil, details: Logger.Metadata = [:]
  ) {
    self.outcome = outcome
    self.disposition = disposition
    self.running = running
    self.failure = failure
    self.details = details
  }
}
