internal import Limits
internal import Logging
internal import Threads

/// In the place of the shipped program's file of this name; every other file of this program is the shipped one's.
extension StorePlace {
  func open(log: Logger, execution: Execution = .threads) throws(StoreFailure) -> any CounterStore { AdmittingStore() }

  func reconnecting(log: Logger, opening: ReconnectingStore.Opening, execution: Execution) -> ReconnectingStore {
    ReconnectingStore(log: log, opening: opening, execution: execution) { log throws(StoreFailure) in
      try open(log: log, execution: execution)
    }
  }
}
