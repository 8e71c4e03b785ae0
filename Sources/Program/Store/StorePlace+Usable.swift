internal import Limits
internal import Logging
internal import Threads

extension StorePlace {
  /// Opens the store, and makes sure that it can be used.
  func usable(log: Logger) async throws(StoreFailure) -> ReconnectingStore {
    let opened: Result<any CounterStore, StoreFailure> = await Execution.threads.blocking {
      do throws(StoreFailure) {
        return .success(try open(log: log))
      } catch {
        return .failure(error)
      }
    }
    let store = try opened.get()
    do throws(StoreFailure) {
      _ = try await store.counts(of: [], guards: [])
    } catch {
      await store.close()
      throw error
    }
    return ReconnectingStore(store, log: log) { log throws(StoreFailure) in try open(log: log) }
  }
}
