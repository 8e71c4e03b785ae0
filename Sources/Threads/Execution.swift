internal import Dispatch
internal import Glibc

/// How many threads a program has, which decides where its tasks run and where blocking calls happen.
public enum Execution: Sendable {
  /// A service: tasks run on Swift's thread pool, and blocking calls on other threads, so that nobody waits for them.
  case threads
  /// A single-threaded program: everything runs on its thread, blocking calls included. Hosting companies limit threads
  /// and the address space that each of them takes.
  case loop(EventLoop)

  /// Starts a task that nobody waits for.
  @discardableResult
  public func task<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
    switch self {
    case .threads: Task { await work() }
    case .loop(let loop): Task(executorPreference: loop) { await work() }
    }
  }

  /// Waits for this long without blocking. With threads, canceling the task ends the wait.
  public func sleep(for duration: Duration) async {
    switch self {
    case .threads: try? await Task.sleep(for: duration)  // Canceled: the wait is over.
    case .loop(let loop): await loop.sleep(for: duration)
    }
  }

  /// Waits until a descriptor is readable, or until the deadline.
  ///
  /// - Returns: false if the deadline passed first.
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

  /// Runs blocking work, on another thread if the program has threads.
  public func blocking<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    switch self {
    case .threads:
      await withCheckedContinuation { caller in
        // A queue of its own gets a thread of its own, apart from the threads that run tasks.
        DispatchQueue(label: "Threads.Execution").async { caller.resume(returning: work()) }
      }
    case .loop: work()
    }
  }
}
