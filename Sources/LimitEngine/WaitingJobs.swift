internal import DequeModule
package import Limits

/// The operations that wait for a turn at a store, in the order in which they get it.
package struct WaitingJobs: Sendable {
  /// What becomes of an operation that comes.
  package enum Entry {
    /// It gets its turn from those who are at it.
    case wait
    /// The same, and somebody has to begin to take batches.
    case drain
    case refuse(StoreFailure)
  }

  /// Why the store is of no use any more: nothing is to be run.
  package var end: StoreFailure?
  package private(set) var isClosed = false
  private var newcomers: Deque<LimiterJob> = []
  /// Those that end a send. They go first, so that there is less under way.
  private var endings: Deque<LimiterJob> = []
  private var isDraining = false

  /// More newcomers than this are refused at once. Of endings there are never more than sends that were begun, and one
  /// that is refused would keep a reservation that should have been released.
  package static let mostNewcomers = 20_000
  package static let mostInBatch = 128

  private let store: String

  /// - Parameter store: what they wait for, in words for the owner.
  package init(for store: String) {
    self.store = store
  }

  package mutating func add(_ job: LimiterJob) -> Entry {
    if let end { return .refuse(end) }
    if isClosed { return .refuse(StoreFailure(.unavailable, "it was closed")) }
    if job.endsSend {
      endings.append(job)
    } else if newcomers.count < Self.mostNewcomers {
      newcomers.append(job)
    } else {
      return .refuse(StoreFailure(.overloaded, "\(Self.mostNewcomers) operations are waiting for \(store)"))
    }
    if isDraining { return .wait }
    isDraining = true
    return .drain
  }

  /// Less than two batches wait: the one that is put together next is full in any case.
  package var hasRoom: Bool { newcomers.count < 2 * Self.mostInBatch }

  package var isEmpty: Bool { newcomers.isEmpty && endings.isEmpty }

  /// - Parameter count: how many there may be.
  /// - Returns: what is to be run together; nothing when all is done.
  package mutating func takeBatch(atMost count: Int = mostInBatch) -> [LimiterJob] {
    let first = endings.prefix(count)
    let rest = newcomers.prefix(count - first.count)
    let batch = Array(first) + Array(rest)
    endings.removeFirst(first.count)
    newcomers.removeFirst(rest.count)
    isDraining = !batch.isEmpty
    return batch
  }

  /// Lets nothing more in. What waits gets its turn.
  package mutating func close() {
    isClosed = true
  }
}
