internal import Dispatch

/// Waits on the main thread for what a task does: for commands, which have nothing else to do.
enum Waiting {
  static func result<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
    let answer = Answer<Value>()
    Task.detached { answer.give(await body()) }
    return answer.wait()
  }

  /// Sendable: it is written before the signal and read after it.
  private final class Answer<Value: Sendable>: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private var value: Value?

    func give(_ value: Value) {
      self.value = value
      semaphore.signal()
    }

    func wait() -> Value {
      semaphore.wait()
      guard let value else { preconditionFailure("given before the signal") }
      return value
    }
  }
}
