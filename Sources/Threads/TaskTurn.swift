internal import DequeModule

/// Admits one task at a time, in order of arrival. Waiting tasks hold no thread.
public final class TaskTurn: Sendable {
  private struct State {
    var isTaken = false
    var waiting: Deque<CheckedContinuation<Void, Never>> = []
  }

  private let state = Locked(State())

  public init() {}

  /// Runs work while no other task has its turn. Cancellation does not end the wait.
  public func take<Value: Sendable>(_ work: () async -> Value) async -> Value {
    await withCheckedContinuation { task in
      let isNow = state.with { state in
        defer { state.isTaken = true }
        if state.isTaken { state.waiting.append(task) }
        return !state.isTaken
      }
      if isNow { task.resume() }
    }
    defer {
      let next = state.with { state in
        let next = state.waiting.popFirst()
        state.isTaken = next != nil
        return next
      }
      next?.resume()
    }
    return await work()
  }
}
