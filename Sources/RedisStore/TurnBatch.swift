internal import LimitEngine
internal import Limits

/// The operations that are decided in one turn, and the records that they will want. What these are called is written down
/// while others have the turn: in it, all who wait for theirs wait for that too.
struct TurnBatch {
  private(set) var jobs: [LimiterJob] = []
  /// Each once.
  private(set) var keys: [CounterKey] = [LimitEngine.clockKey]
  /// What Redis calls the keys, in their order.
  private(set) var recordNames: [[UInt8]]
  private var known: Set<CounterKey> = [LimitEngine.clockKey]
  private let names: RecordNames

  init(_ names: RecordNames) {
    self.names = names
    recordNames = [names.record(LimitEngine.clockKey)]
  }

  var isEmpty: Bool { jobs.isEmpty }

  mutating func add(_ new: [LimiterJob]) {
    jobs += new
    for job in new {
      for key in job.keys where known.insert(key).inserted {
        keys.append(key)
        recordNames.append(names.record(key))
      }
    }
  }

  /// Fails those that have waited for too long.
  mutating func dropLate() {
    let left = jobs.withoutLate(waitingFor: "Redis")
    guard left.count < jobs.count else { return }
    // Nor are their records wanted any more: while no turn is to be had they would be more and more.
    removeAll()
    add(left)
  }

  /// - Parameter body: may take jobs out that it has failed.
  mutating func withJobs<Result>(_ body: (inout [LimiterJob]) throws(StoreFailure) -> Result) throws(StoreFailure)
    -> Result
  {
    try body(&jobs)
  }

  mutating func removeAll() {
    self = TurnBatch(names)
  }
}
