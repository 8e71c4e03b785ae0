internal import Logging
internal import Verification

/// In the place of the shipped program's file of this name; every other file of this program is the shipped one's.
extension StorePlace {
  func open(log: Logger) throws(StoreFailure) -> any CounterStore { AdmittingStore() }

  func reopened(log: Logger, opening: ReopenedStore.Opening) -> ReopenedStore {
    ReopenedStore(log: log, opening: opening) { () throws(StoreFailure) in try open(log: log) }
  }
}
