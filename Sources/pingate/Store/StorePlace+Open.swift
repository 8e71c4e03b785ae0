internal import Logging
internal import MachineClock
internal import RedisStore
internal import SQLiteStore
internal import Verification

extension StorePlace {
  /// Opens the store. A SQLite file that is not there is made; a Redis is connected to when it is first used.
  func open(log: Logger) throws(StoreFailure) -> any CounterStore {
    let clock = MachineClock()
    switch self {
    case .sqlite(let path):
      let store = try SQLiteStore(path: path) { clock.now() }
      if store.isNew { log.notice("store.new", metadata: ["store": "\(self)"]) }
      return store
    case .redis(let address):
      return RedisStore(
        address,
        warn: { log.warning("store.\($0.rawValue)", metadata: ["store": "\(self)", "advice": "\($0.advice)"]) },
        clock: { clock.now() })
    }
  }

  /// The store for a process that answers requests.
  func reopened(log: Logger, opening: ReopenedStore.Opening) -> ReopenedStore {
    ReopenedStore(log: log, opening: opening) { () throws(StoreFailure) in try open(log: log) }
  }
}
