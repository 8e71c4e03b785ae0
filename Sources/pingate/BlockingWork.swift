internal import Dispatch

/// Work that blocks, away from the threads that tasks run on.
enum BlockingWork {
  /// - Parameter name: of its queue, for whoever looks at the threads.
  static func run<Value: Sendable>(_ name: String, _ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { caller in
      // A queue of its own has a thread of its own: tasks run on the threads of the common ones.
      DispatchQueue(label: name).async { caller.resume(returning: body()) }
    }
  }
}
