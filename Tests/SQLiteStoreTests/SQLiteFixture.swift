import CounterStoreContract
import Limits
import Support

@testable import SQLiteStore

/// An empty database of a test's own.
struct SQLiteFixture: StoreFixture {
  let clock = ManualClock()
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  var path: String { folder.path + "/limits.sqlite" }

  func open() throws -> any CounterStore & StoreAdmin {
    try SQLiteStore(path: path, durability: .normal) { clock.now() }
  }

  /// Another connection to it, which waits for nobody.
  func connection() throws -> Connection {
    unsafe try Connection(path: path) { _, _ in 0 }
  }
}
