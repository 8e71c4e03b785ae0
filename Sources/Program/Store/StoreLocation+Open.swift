internal import Limits
internal import Logging
internal import MachineClock
internal import RedisStore
internal import SQLiteStore
internal import Threads

/// Opens a store, given its location, the log for its state, and where it does its work. May block for some seconds.
typealias OpenStore = @Sendable (StoreLocation, Logger, Execution) throws(StoreFailure) -> any CounterStore

extension StoreLocation {
  /// Opens the store. A SQLite file that does not exist is created; Redis is connected to at the first use.
  ///
  /// - Parameter execution: where it does its work.
  func open(log: Logger, execution: Execution = .threads) throws(StoreFailure) -> any CounterStore & StoreAdmin {
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

  /// What every program uses, except those that measure something else.
  static let usualOpening: OpenStore = { location, log, execution throws(StoreFailure) in
    try location.open(log: log, execution: execution)
  }

  /// The store for a process that answers requests.
  func reconnecting(
    log: Logger, opening: ReconnectingStore.Opening, execution: Execution, _ open: @escaping OpenStore
  ) -> ReconnectingStore {
    ReconnectingStore(log: log, opening: opening, execution: execution) { log throws(StoreFailure) in
      try open(self, log, execution)
    }
  }

  /// The same, open and known to be of use.
  func usable(log: Logger, _ open: @escaping OpenStore) async throws(StoreFailure) -> ReconnectingStore {
    let opened: Result<any CounterStore, StoreFailure> = await Execution.threads.blocking {
      do throws(StoreFailure) {
        return .success(try open(self, log, .threads))
      } catch {
        return .failure(error)
      }
    }
    let store = try opened.get()
    do throws(StoreFailure) {
      _ = try await store.counts(of: [])
    } catch {
      await store.close()
      throw error
    }
    return ReconnectingStore(store, log: log) { log throws(StoreFailure) in try open(self, log, .threads) }
  }
}
