import CounterStoreContract
import Foundation
import Limits

@testable import RedisStore

/// Keys of a test's own in a Redis that the tests of a suite share.
struct RedisFixture: StoreFixture {
  let clock = ManualClock()
  let server: RedisServer
  let prefix = UUID().uuidString

  init(_ server: RedisServer) {
    self.server = server
  }

  func open() throws -> any CounterStore & StoreAdmin {
    try RedisStore(RedisAddress("unix:\(server.socket)?prefix=\(prefix)"), usesServerTime: false) { clock.now() }
  }
}
