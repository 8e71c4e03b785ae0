internal import Threads

/// Things that were noted from any thread, in their order, and a way to wait until there are so many.
///
/// Sendable, because all that changes is only touched under the lock.
public final class Noted<Thing>: @unchecked Sendable {
  private let lock = Lock()
  private var things: [Thing] = []
  private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  public init() {}

  public var all: [Thing] { lock.withLock { things } }
  public var count: Int { lock.withLock { things.count } }

  public func note(_ thing: Thing) {
    let resumed = lock.withLock {
      things.append(thing)
      let resumed = watchers.filter { things.count >= $0.count }
      watchers.removeAll { things.count >= $0.count }
      return resumed
    }
    for watcher in resumed { watcher.continuation.resume() }
  }

  public func wait(for count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = lock.withLock {
        if things.count >= count { return true }
        watchers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}

extension Noted where Thing == Void {
  /// Counts one more.
  public func note() { note(()) }
}
