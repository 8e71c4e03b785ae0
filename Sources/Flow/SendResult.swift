internal import Limits
internal import Logging
internal import Verification

/// What follows from the provider's answer to a send: the outcome, and what happens to the reservation.
///
/// A class, so that passing it is a single reference: see `RequestContext`.
final class SendResult: Sendable {
  enum Disposition: Sendable {
    /// The reservation stays, with the answer for idempotent replay.
    case commit(SendAnswer)
    case release(Reservation)
    /// The reservation stays, and a repeat will find no answer.
    case keep
  }

  let outcome: Outcome
  let disposition: Disposition
  /// The request that was already running; the store knows whether the visitor has a page for it.
  let running: RequestID?
  let failure: VerifierFailure?
  /// Additional fields for the log line.
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
