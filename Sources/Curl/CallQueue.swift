internal import CCurl
internal import Glibc
internal import Threads

/// What others have for the client's thread: calls to make, calls to give up, addresses of hosts, the wish to end.
///
/// `@unchecked Sendable`: everything that changes, the calls' state included, is touched only under the lock; the waker
/// is opened and closed with the queue.
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
  /// Whether the thread waits, or is about to, and has to be woken.
  private var isAsleep = false
  /// The eventfd that the thread waits for among other things; negative where it is nobody else's thread.
  let waker: Int32

  /// - Parameter wakes: false in a program of one thread, which is never asleep when something has arrived.
  /// - Returns: nil when the process has no more descriptors.
  init?(wakes: Bool = true) {
    waker = wakes ? eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) : -1
    guard !wakes || waker >= 0 else { return nil }
  }

  deinit {
    if waker >= 0 { Glibc.close(waker) }
  }

  /// Hands a call over to the thread, or ends it at once when it was cancelled before or the client is closed.
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

  /// Asks the thread to give a call up. One that is not posted yet will not be; one that is finished stays so.
  func cancel(_ call: Call) {
    waking {
      call.isCancelled = true
      guard call.continuation != nil, !arrivals.isClosed else { return ((), false) }
      arrivals.cancelled.append(call)
      return ((), true)
    }
  }

  /// Tells the thread what came of looking up a name; a closed client needs it no more.
  func tell(_ answer: ResolvedHost) {
    waking {
      guard !arrivals.isClosed else { return ((), false) }
      arrivals.answers.append(answer)
      return ((), true)
    }
  }

  /// Ends a call. Nothing happens when it has ended already.
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

  /// Takes no more calls and asks the thread to end.
  func close() {
    waking {
      arrivals.isClosed = true
      return ((), true)
    }
  }

  /// What came since the last time. For the thread.
  func collect() -> Arrivals {
    lock.withLock {
      isAsleep = false
      defer { arrivals = Arrivals(isClosed: arrivals.isClosed) }
      return arrivals
    }
  }

  /// Whether something has come since the last time.
  var hasArrivals: Bool { lock.withLock { !arrivals.isEmpty || arrivals.isClosed } }

  /// To be asked before the thread waits.
  ///
  /// - Returns: whether it may: nothing has arrived, and the first that comes will wake it.
  func fallAsleep() -> Bool {
    lock.withLock {
      isAsleep = arrivals.isEmpty && !arrivals.isClosed
      return isAsleep
    }
  }

  /// Wakes the thread if something has arrived after the change. One that is at work collects all before it waits.
  private func waking<Value>(_ change: () -> (value: Value, isArrival: Bool)) -> Value {
    let (value, wakes) = lock.withLock {
      let (value, isArrival) = change()
      guard isArrival, isAsleep else { return (value, false) }
      isAsleep = false
      return (value, true)
    }
    if wakes {
      // Outside the lock, which the thread takes first of all. It fails only when the counter is full, and is readable.
      var one: UInt64 = 1
      _ = unsafe write(waker, &one, MemoryLayout<UInt64>.size)
    }
    return value
  }
}
