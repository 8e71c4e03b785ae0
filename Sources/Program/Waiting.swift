internal import Threads

/// Waits on the main thread for a task, for commands that have nothing else to do.
enum Waiting {
  static func result<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
    let answer = Answer<Value>()
    Task.detached { answer.give(await body()) }
    return answer.wait()
  }

  /// `@unchecked Sendable`: the value is only touched under the lock.
  private final class Answer<Value: Sendable>: @unchecked Sendable {
    private let lock = Lock()
    private let isGiven = Condition()
    private var value: Value?

    func give(_ value: Value) {
      lock.withLock {
        self.value = value
        isGiven.signalAll()
      }
    }

    func wait() -> Value {
      lock.withLock {
        while true {
          if let value { return value }
          isGiven.wait(holding: lock)
        }
      }
    }
  }
}
