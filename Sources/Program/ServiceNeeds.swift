internal import Glibc
internal import Threads

/// The least that a service needs from the system. It is checked before the first task, because without threads or memory Swift's
/// runtime waits forever, or ends the process without a word.
enum ServiceNeeds {
  private static let memory = 48 << 20
  /// And a poller, what wakes it and libfcgi's two for each loop.
  private static let descriptors = 20
  private static let descriptorsOfLoop = 4
  /// Besides those that tasks and loops run on: of the client and its names, the log, the store and its checkpoints, what else
  /// blocks, and libdispatch's own.
  private static let ownThreads = 7
  /// Those that tasks run on: the runtime takes one for each processor at the most, and requests need a few of them,
  /// because what waits does so elsewhere.
  private static let mostTaskThreads = 8

  /// - Parameter loops: how many threads the server is to have.
  /// - Returns: what is missing, in words for the owner; nil if nothing is.
  static func problem(loops: Int) -> String? {
    let descriptors = descriptors + loops * descriptorsOfLoop
    guard AnswerReserve.hasDescriptors(descriptors) else {
      return "fewer than \(descriptors) descriptors are left (ulimit -n)"
    }
    guard let block = unsafe malloc(memory) else {
      return "fewer than \(memory >> 20) MiB of memory or address space are left (ulimit -v)"
    }
    defer { unsafe free(block) }
    let threads = min(Processors.available ?? mostTaskThreads, mostTaskThreads) + ownThreads + loops
    guard hasThreads(threads) else { return "fewer than \(threads) threads can be had (ulimit -u, ulimit -v)" }
    return nil
  }

  /// All at one time: each waits for the lock.
  private static func hasThreads(_ count: Int) -> Bool {
    let lock = Lock()
    var threads: [POSIXThread] = []
    lock.lock()
    defer {
      lock.unlock()
      for thread in threads { thread.join() }
    }
    while threads.count < count {
      guard let thread = try? POSIXThread({ lock.withLock {} }) else { return false }
      threads.append(thread)
    }
    return true
  }
}
