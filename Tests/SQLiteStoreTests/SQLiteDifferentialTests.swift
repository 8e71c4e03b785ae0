import CounterStoreContract
import Testing

struct SQLiteDifferentialTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `random operations of several writers are decided as in memory`(seed: UInt64) async throws {
    var operations = try RandomOperations(SQLiteFixture(), seed: seed)
    #expect(try await operations.run(25_000) == nil)
  }
}
