internal import Glibc

/// What waits for one thread that sleeps while there is nothing: a pthread mutex and a condition.
@safe
final class WorkQueue<Item: Sendable>: @unchecked Sendable {
  // Sendable because items and the flag are touched under the mutex only.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private var items: [Item] = []
  private var isClosed = false
  private let most: Int

  init(most: Int) {
    self.most = most
    unsafe mutex = .allocate(capacity: 1)
    unsafe filled = .allocate(capacity: 1)
    let result = unsafe pthread_mutex_init(mutex, nil) | pthread_cond_init(filled, nil)
    precondition(result == 0, "pthread: \(result)")
  }

  deinit {
    unsafe pthread_cond_destroy(filled)
    unsafe pthread_mutex_destroy(mutex)
    unsafe filled.deallocate()
    unsafe mutex.deallocate()
  }

  enum Entry {
    case taken, full, closed
  }

  func add(_ item: Item) -> Entry {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    if isClosed { return .closed }
    guard items.count < most else { return .full }
    items.append(item)
    unsafe pthread_cond_signal(filled)
    return .taken
  }

  /// Waits until there is something.
  ///
  /// - Returns: the oldest so many; nil when the queue was closed.
  func take(atMost count: Int) -> [Item]? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while items.isEmpty, !isClosed { unsafe pthread_cond_wait(filled, mutex) }
    guard !items.isEmpty else { return nil }
    let taken = Array(items.prefix(count))
    items.removeFirst(taken.count)
    return taken
  }

  func close() {
    unsafe pthread_mutex_lock(mutex)
    isClosed = true
    unsafe pthread_cond_signal(filled)
    unsafe pthread_mutex_unlock(mutex)
  }
}
