internal import Limits
internal import Logging
internal import MachineClock
internal import RedisStore
internal import SQLiteStore
internal import Threads

extension StorePlace {
  /// Opens the store. A SQLite file that is not there is made; a Redis is connected to when it is first used.
  ///
  /// - Parameter execution: where it does its work.
  func open(log: Logger, execution: Execution = .threads) throws(StoreFailure) -> any CounterStore {
    let clock = MachineClock()
    switch self {
    case .sqlite(let path):
      let store = try SQLiteStore(path: path, execution: execution) { clock.now() }
      if store.isNew { log.notice("store.new", metadata: ["store": "\(self)"]) }
      return store
    case .redis(let address):
      return RedisStore(
        address, execution: execution,
        warn: { log.warning("store.\($0.rawValue)", metadata: ["store": "\(self)", "advice": "\($0.advice)"]) },
        clock: { clock.now() })
    }
  }

  /// The store for a process that answers requests.
  func reconnecting(log: Logger, opening: ReconnectingStore.Opening, execution: Execution) -> ReconnectingStore {
    ReconnectingStore(log: log, opening: opening, execution: execution) { log throws(StoreFailure) in
      try open(log: log, execution: execution)
    }
  }
}
