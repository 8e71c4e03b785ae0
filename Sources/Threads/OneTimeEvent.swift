/// An event that happens once, and that tasks can wait for without holding a thread.
public final class OneTimeEvent: Sendable {
  private struct State {
    var hasHappened = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Locked(State())

  public init() {}

  /// Makes it happen; any further call does nothing.
  public func happen() {
    let waiting = state.with { state in
      state.hasHappened = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for task in waiting { task.resume() }
  }

  /// Returns once it has happened. Cancellation does not end the wait.
  public func wait() async {
    await withCheckedContinuation { task in
      let isNow = state.with { state in
        if !state.hasHappened { state.waiting.append(task) }
        return state.hasHappened
      }
      if isNow { task.resume() }
    }
  }
}
