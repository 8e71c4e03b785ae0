internal import Verification

/// The requests that this process will cancel as soon as the provider permits it: each once, and not too many.
///
/// A program of one request is gone by then, and leaves them to a process of their own.
actor Cancellations {
  private var waiting: Set<RequestID> = []
  private var callers: [CheckedContinuation<Void, Never>] = []

  /// More than can be given up within half a minute on the largest site; beyond it a request is left to expire.
  static let most = 10_000

  /// - Returns: whether the caller shall cancel it, and then say `end`.
  func begin(_ request: RequestID) -> Bool {
    waiting.count < Self.most && waiting.insert(request).inserted
  }

  func end(_ request: RequestID) {
    waiting.remove(request)
    guard waiting.isEmpty else { return }
    for caller in callers { caller.resume() }
    callers = []
  }

  /// Returns when none is left.
  func allEnded() async {
    guard !waiting.isEmpty else { return }
    await withCheckedContinuation { callers.append($0) }
  }
}
