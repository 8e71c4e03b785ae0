internal import CCurl
internal import Glibc
internal import Threads

/// What other threads have for the client's thread: calls to make, calls to cancel, resolved hosts, and the request to
/// end.
///
/// `@unchecked Sendable`: all mutable state, the calls' included, is touched only under the lock; the waker is opened
/// and closed with the queue.
final class CallQueue: @unchecked Sendable {
  struct Arrivals {
    var calls: [Call] = []
    var cancelled: [Call] = []
    var answers: [ResolvedHost] = []
    var isClosed = false

    var isEmpty: Bool { calls.isEmpty && cancelled.isEmpty && answers.isEmpty }
  }

  private let lock = Lock()
  private var arrivals = Arrivals()
  /// Whether the thread is waiting, or about to, and must be woken.
  private var isAsleep = false
  /// The eventfd that the thread polls along with its sockets; negative in a single-threaded program.
  let waker: Int32

  /// - Parameter wakes: false in a single-threaded program, which is never asleep when something arrives.
  /// - Returns: nil if the process is out of descriptors.
  init?(wakes: Bool = true) {
    waker = wakes ? eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) : -1
    guard !wakes || waker >= 0 else { return nil }
  }

  deinit {
    if waker >= 0 { Glibc.close(waker) }
  }

  /// Hands a call over to the thread, or ends it at once if it was already canceled or the client is closed.
  func post(_ call: Call, _ continuation: CheckedContinuation<Call.Outcome, Never>) {
    let refusal: CurlFailure.Kind? = waking {
      if arrivals.isClosed { return (.closed, false) }
      if call.isCancelled { return (.cancelled, false) }
      call.continuation = continuation
      arrivals.calls.append(call)
      return (nil, true)
    }
    if let refusal {
      continuation.resume(returning: call.unsent(refusal))
    }
  }

  /// Asks the thread to cancel a call. A call that is not posted yet will not be; a finished one is not affected.
  func cancel(_ call: Call) {
    waking {
      call.isCancelled = true
      guard call.continuation != nil, !arrivals.isClosed else { return ((), false) }
      arrivals.cancelled.append(call)
      return ((), true)
    }
  }

  /// Gives the thread the result of looking up a name; ignored once the client is closed.
  func tell(_ answer: ResolvedHost) {
    waking {
      guard !arrivals.isClosed else { return ((), false) }
      arrivals.answers.append(answer)
      return ((), true)
    }
  }

  /// Ends a call. Does nothing if it has already ended.
  func finish(_ call: Call, _ outcome: Call.Outcome) {
    let continuation = lock.withLock {
      defer { call.continuation = nil }
      return call.continuation
    }
    continuation?.resume(returning: outcome)
  }

  /// Whether nobody waits for the call any more.
  func isFinished(_ call: Call) -> Bool {
    lock.withLock { call.continuation == nil }
  }

  /// Takes no more calls, and asks the thread to end.
  func close() {
    waking {
      arrivals.isClosed = true
      return ((), true)
    }
  }

  /// What has arrived since the last time. Called by the thread.
  func collect() -> Arrivals {
    lock.withLock {
      isAsleep = false
      defer { arrivals = Arrivals(isClosed: arrivals.isClosed) }
      return arrivals
    }
  }

  /// Whether something has arrived since the last time.
  var hasArrivals: Bool { lock.withLock { !arrivals.isEmpty || arrivals.isClosed } }

  /// Call it before the thread waits.
  ///
  /// - Returns: whether it may wait: nothing has arrived, and whatever arrives first will wake it.
  func fallAsleep() -> Bool {
    lock.withLock {
      isAsleep = arrivals.isEmpty && !arrivals.isClosed
      return isAsleep
    }
  }

  /// Wakes the thread if the change made something arrive. A busy thread collects everything before it waits.
  private func waking<Value>(_ change: () -> (value: Value, isArrival: Bool)) -> Value {
    let (value, wakes) = lock.withLock {
      let (value, isArrival) = change()
      guard isArrival, isAsleep else { return (value, false) }
      isAsleep = false
      return (value, true)
    }
    if wakes {
      // Outside the lock, which is the first thing the thread takes. It fails only if the counter is full, and then the
      // descriptor is readable anyway.
      var one: UInt64 = 1
      _ = unsafe write(waker, &one, MemoryLayout<UInt64>.size)
    }
    return value
  }
}

/// One request on its way from the task that waits for the response to the client's thread and back.
///
/// `@unchecked Sendable`: the request never changes; all mutable state is touched only under the queue's lock, or only
/// by the client's thread.
final class Call: @unchecked Sendable {
  typealias Outcome = Result<Answer, CurlFailure>

  let request: Request
  /// When the caller gives up.
  let deadline: ContinuousClock.Instant
  /// What libcurl is told about the hosts to connect to (CURLOPT_RESOLVE). Only the client's thread uses it.
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
