import CounterStoreContract
import Testing

struct RedisDifferentialTests {
  private static let server = Result { try RedisServer() }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `random operations of several writers are decided as in memory`(seed: UInt64) async throws {
    var operations = try RandomOperations(RedisFixture(Self.server.get()), seed: seed)
    #expect(try await operations.run(25_000) == nil)
  }
}
