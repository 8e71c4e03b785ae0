package import Limits

/// One operation that waits to be decided, and the caller who waits for its result.
package struct LimiterJob: Sendable {
  /// Does the work and says how the caller is answered once it is committed.
  package let run: @Sendable (LimitEngine) throws(StoreFailure) -> @Sendable () -> Void
  /// Answers the caller with a failure.
  package let fail: @Sendable (StoreFailure) -> Void
  /// The records that it will want: for a store that reads a batch's records in one go. It may ask for others too.
  package let keys: [CounterKey]
  /// Whether it has to be on the disk before it is answered.
  package let isDurable: Bool
  /// Whether it says how a send ended (`commit`, `release`).
  package let endsSend: Bool
  /// From when nobody should be kept waiting any longer.
  package let deadline: ContinuousClock.Instant

  package init(
    run: @escaping @Sendable (LimitEngine) throws(StoreFailure) -> @Sendable () -> Void,
    fail: @escaping @Sendable (StoreFailure) -> Void, keys: [CounterKey],
    isDurable: Bool, endsSend: Bool, deadline: ContinuousClock.Instant
  ) {
    self.run = run
    self.fail = fail
    self.keys = keys
    self.isDurable = isDurable
    self.endsSend = endsSend
    self.deadline = deadline
  }

  /// Hands a job with this work to `enqueue`, and waits for its result.
  package static func result<Value: Sendable>(
    isDurable: Bool = true, endsSend: Bool = false, within time: Duration,
    keys: [CounterKey] = [],
    of work: @escaping @Sendable (LimitEngine) throws(StoreFailure) -> Value, enqueue: (LimiterJob) -> Void
  ) async throws(StoreFailure) -> Value {
    let result: Result<Value, StoreFailure> = await withCheckedContinuation { caller in
      enqueue(
        LimiterJob(
          run: { engine throws(StoreFailure) in
            let value = try work(engine)
            return { caller.resume(returning: .success(value)) }
          },
          fail: { caller.resume(returning: .failure($0)) },
          keys: keys, isDurable: isDurable, endsSend: endsSend, deadline: .now + time))
    }
    return try result.get()
  }
}

extension [LimiterJob] {
  /// Those that need not be given up yet. The others are failed.
  ///
  /// - Parameter what: what they wait for.
  package func withoutLate(waitingFor what: String) -> [LimiterJob] {
    filter { job in
      let isLate = job.deadline < .now
      if isLate { job.fail(StoreFailure(.busy, "waited for \(what) for too long")) }
      return !isLate
    }
  }
}

extension LimitEngine {
  /// Decides a batch. Nothing is written yet: `close` and `flush` follow.
  ///
  /// - Parameter jobs: those that come upon a record that cannot be read are failed and taken out. The others have nothing to
  ///   do with them, and are decided without them.
  /// - Returns: the transaction, and how the callers are answered once it is committed.
  package static func decide(
    _ jobs: inout [LimiterJob], in store: any RecordStore, at machine: MachineTime
  ) throws(StoreFailure) -> (engine: LimitEngine, answers: [@Sendable () -> Void]) {
    while true {
      let engine = try LimitEngine(store, at: machine)
      var answers: [@Sendable () -> Void] = []
      answers.reserveCapacity(jobs.count)
      var damaged: [(job: Int, StoreFailure)] = []
      for (index, job) in jobs.enumerated() {
        do throws(StoreFailure) {
          answers.append(try job.run(engine))
        } catch {
          guard error.kind == .damaged else { throw error }
          damaged.append((index, error))
        }
      }
      guard !damaged.isEmpty else { return (engine, answers) }
      for (index, failure) in damaged.reversed() { jobs.remove(at: index).fail(failure) }
    }
  }
}
