/// One request on its way from the task that waits for its answer to the client's thread and back.
///
/// `@unchecked Sendable`: the request never changes; what does is touched only under the queue's lock, or by the
/// client's thread.
final class Call: @unchecked Sendable {
  typealias Outcome = Result<Answer, CurlFailure>

  let request: Request
  /// When the caller gives up.
  let deadline: ContinuousClock.Instant
  /// What libcurl has to be told of the hosts that it connects to (CURLOPT_RESOLVE). The client's thread's alone.
  var addresses: [String] = []

  /// Whoever takes it out resumes it: exactly once, outside the lock.
  var continuation: CheckedContinuation<Outcome, Never>?
  var isCancelled = false

  init(_ request: Request, deadline: ContinuousClock.Instant) {
    self.request = request
    self.deadline = deadline
  }

  /// The failure of a call that never became a transfer.
  func unsent(_ kind: CurlFailure.Kind) -> Outcome {
    .failure(CurlFailure(kind, attempted: request.description, mayHaveBeenSent: false))
  }
}
