import CounterStoreContract
import Limits
import SQLiteStore
import Support

/// An empty database of a test's own.
struct SQLiteFixture: StoreFixture {
  let clock = ManualClock()
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  var path: String { folder.path + "/limits.sqlite" }

  func open() throws -> any CounterStore {
    try SQLiteStore(path: path, durability: .normal) { clock.now() }
  }
}
