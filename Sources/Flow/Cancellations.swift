internal import Verification

/// The requests that this process will cancel as soon as the provider permits: each one once, and not too many.
///
/// A CGI program has ended by then, and leaves its request to another process.
actor Cancellations {
  private var waiting: Set<RequestID> = []
  private var callers: [CheckedContinuation<Void, Never>] = []

  /// More than are given up within half a minute on the largest site; beyond that, a request is left to expire.
  static let most = 10_000

  /// - Returns: whether the caller is to cancel it, and then to call `end`.
  func begin(_ request: RequestID) -> Bool {
    waiting.count < Self.most && waiting.insert(request).inserted
  }

  func end(_ request: RequestID) {
    waiting.remove(request)
    guard waiting.isEmpty else { return }
    for caller in callers { caller.resume() }
    callers = []
  }

  /// Returns once none is left.
  func allEnded() async {
    guard !waiting.isEmpty else { return }
    await withCheckedContinuation { callers.append($0) }
  }
}
