internal import Dispatch
internal import Glibc

/// How many threads a program has, and so where its tasks run and what blocks is done.
public enum Execution: Sendable {
  /// A service: tasks run on Swift's threads, and what blocks gets others, so that nobody waits for it.
  case threads
  /// A program of one thread: everything is done there, inline where it blocks. Hosting companies limit threads and the
  /// address space that each of them takes.
  case loop(EventLoop)

  /// Starts a task that nobody waits for.
  @discardableResult
  public func task<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
    switch self {
    case .threads: Task { await work() }
    case .loop(let loop): Task(executorPreference: loop) { await work() }
    }
  }

  /// Waits for so long without blocking. On threads a cancelled task waits no longer.
  public func sleep(for duration: Duration) async {
    switch self {
    case .threads: try? await Task.sleep(for: duration)  // cancelled: then it is over
    case .loop(let loop): await loop.sleep(for: duration)
    }
  }

  /// Waits until a descriptor is readable, for so long at most.
  ///
  /// - Returns: false when the time came first.
  public func wait(untilReadable descriptor: CInt, before deadline: ContinuousClock.Instant) async -> Bool {
    switch self {
    case .threads: await blocking { Self.poll(descriptor, until: deadline) }
    case .loop(let loop): await loop.wait(until: .readable, of: descriptor, before: deadline)
    }
  }

  private static func poll(_ descriptor: CInt, until deadline: ContinuousClock.Instant) -> Bool {
    var file = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let left = max(.zero, min(ContinuousClock.now.duration(to: deadline), .seconds(86_400)))
      let count = unsafe Glibc.poll(&file, 1, CInt((left / .milliseconds(1)).rounded(.up)))
      if count > 0 { return true }
      if count == 0, deadline <= .now { return false }
    }
  }

  /// Does what blocks.
  public func blocking<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    switch self {
    case .threads:
      await withCheckedContinuation { caller in
        // A queue of its own has a thread of its own: tasks run on the threads of the common ones.
        DispatchQueue(label: "Threads.Execution").async { caller.resume(returning: work()) }
      }
    case .loop: work()
    }
  }
}
