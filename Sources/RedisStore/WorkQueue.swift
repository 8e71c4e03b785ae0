internal import DequeModule
internal import Threads

/// What waits for one thread that sleeps while there is nothing.
final class WorkQueue<Item: Sendable>: @unchecked Sendable {
  // Sendable because items and the flag are touched under the lock only.
  private let lock = Lock()
  private let filled = Condition()
  private var items: Deque<Item> = []
  private var isClosed = false
  private let most: Int

  init(most: Int) {
    self.most = most
  }

  enum Entry {
    case taken, full, closed
  }

  func add(_ item: Item) -> Entry {
    lock.withLock {
      if isClosed { return .closed }
      guard items.count < most else { return .full }
      items.append(item)
      filled.signalAll()
      return .taken
    }
  }

  /// Waits until there is something.
  ///
  /// - Returns: the oldest so many; nil when the queue was closed.
  func take(atMost count: Int) -> [Item]? {
    lock.withLock {
      while items.isEmpty, !isClosed { filled.wait(holding: lock) }
      return items.isEmpty ? nil : takeOldest(count)
    }
  }

  /// The oldest so many, without waiting.
  func takeNow(atMost count: Int) -> [Item] {
    lock.withLock { takeOldest(count) }
  }

  private func takeOldest(_ count: Int) -> [Item] {
    let taken = Array(items.prefix(count))
    items.removeFirst(taken.count)
    return taken
  }

  func close() {
    lock.withLock {
      isClosed = true
      filled.signalAll()
    }
  }
}
