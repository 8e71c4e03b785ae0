internal import CGlibc
internal import Glibc
internal import Threads

/// What a service needs of the system at the least. It is looked at before the first task, because without threads or
/// memory Swift's own runtime waits for ever or ends the process without a word.
enum ServiceNeeds {
  private static let memory = 48 << 20
  private static let descriptors = 24
  /// Besides those that tasks run on: of the server, the client and its names, the log, the store and its checkpoints, what
  /// else blocks, and libdispatch's own.
  private static let ownThreads = 8
  /// Those that tasks run on: the runtime takes one for each processor at the most, and requests need a few of them,
  /// because what waits does so elsewhere.
  private static let mostTaskThreads = 8

  /// - Returns: what is missing, in words for the operator; nil when all is there.
  static func problem() -> String? {
    guard AnswerReserve.hasDescriptors(descriptors) else {
      return "fewer than \(descriptors) descriptors are left (ulimit -n)"
    }
    guard let block = unsafe malloc(memory) else {
      return "fewer than \(memory >> 20) MiB of memory or address space are left (ulimit -v)"
    }
    defer { unsafe free(block) }
    let threads = min(processors, mostTaskThreads) + ownThreads
    guard hasThreads(threads) else { return "fewer than \(threads) threads can be had (ulimit -u, ulimit -v)" }
    return nil
  }

  /// How many this process may run on: in a container often few of many.
  private static var processors: Int {
    var mask = [UInt](repeating: 0, count: 1_024 / UInt.bitWidth)
    let size = UInt(mask.count * MemoryLayout<UInt>.size)
    let isKnown = unsafe mask.withUnsafeMutableBytes { unsafe pingate_sched_getaffinity(0, size, $0.baseAddress) == 0 }
    // Refused where there are more processors than bits.
    return isKnown ? mask.reduce(0) { $0 + $1.nonzeroBitCount } : mostTaskThreads
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
