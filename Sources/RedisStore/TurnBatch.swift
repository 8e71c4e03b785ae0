internal import LimitEngine
internal import Limits

/// The operations to decide in one turn, and the records that they need. The records' names are built while others have
/// the turn: during a turn, every waiting process would wait for that too.
struct TurnBatch {
  private(set) var jobs: [LimiterJob] = []
  /// The keys of the records, without duplicates.
  private(set) var keys: [CounterKey] = [LimitEngine.clockKey]
  /// The names of the keys in Redis, in the same order.
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

  /// Fails the jobs that have waited too long.
  mutating func dropLate() {
    let left = jobs.withoutLate(waitingFor: "Redis")
    guard left.count < jobs.count else { return }
    // Their records are no longer needed either; otherwise, while no turn is granted, they would accumulate.
    removeAll()
    add(left)
  }

  /// - Parameter body: may remove jobs that it has failed.
  mutating func withJobs<Result>(_ body: (inout [LimiterJob]) throws(StoreFailure) -> Result) throws(StoreFailure)
    -> Result
  {
    try body(&jobs)
  }

  mutating func removeAll() {
    self = TurnBatch(names)
  }
}
