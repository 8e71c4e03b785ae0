internal import Glibc

/// What tasks have for the client's thread: calls to make, calls to give up, the wish to end.
///
/// `@unchecked Sendable`: everything that changes, the calls' state included, is touched only under the lock; so is the
/// waker, which is never written to after `retire`.
final class Mailbox: @unchecked Sendable {
  struct Mail {
    var calls: [Call] = []
    var cancelled: [Call] = []
    var isClosed = false

    var isEmpty: Bool { calls.isEmpty && cancelled.isEmpty }
  }

  private let lock = Lock()
  private var mail = Mail()
  private var waker: Int32?

  /// - Parameter waker: the eventfd that the thread waits for among other things.
  init(waker: Int32) {
    self.waker = waker
  }

  /// Hands a call over to the thread, or ends it at once when it was cancelled before or the client is closed.
  func post(_ call: Call, _ continuation: CheckedContinuation<Call.Outcome, Never>) {
    let refusal: CurlFailure.Kind? = lock.withLock {
      if mail.isClosed { return .closed }
      if call.isCancelled { return .cancelled }
      call.continuation = continuation
      wakeIfEmpty()
      mail.calls.append(call)
      return nil
    }
    if let refusal {
      continuation.resume(returning: call.unsent(refusal))
    }
  }

  /// Asks the thread to give a call up. One that is not posted yet will not be; one that is finished stays so.
  func cancel(_ call: Call) {
    lock.withLock {
      call.isCancelled = true
      guard call.continuation != nil, !mail.isClosed else { return }
      wakeIfEmpty()
      mail.cancelled.append(call)
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
    lock.withLock {
      wakeIfEmpty()
      mail.isClosed = true
    }
  }

  /// What came since the last time. For the thread.
  func collect() -> Mail {
    lock.withLock {
      defer { mail = Mail(isClosed: mail.isClosed) }
      return mail
    }
  }

  /// Forgets the waker, which is about to be closed. For the thread, as its last act.
  func retire() {
    lock.withLock { waker = nil }
  }

  // A thread that has mail was woken when the first came, and collects all at once.
  private func wakeIfEmpty() {
    guard mail.isEmpty, let waker else { return }
    // It fails only when the counter is full: then the thread wakes up anyway.
    var one: UInt64 = 1
    _ = unsafe write(waker, &one, MemoryLayout<UInt64>.size)
  }
}
