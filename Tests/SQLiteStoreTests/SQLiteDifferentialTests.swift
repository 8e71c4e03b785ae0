import CounterStoreContract
import Testing

struct SQLiteDifferentialTests {
  /// All seeds at once: a database of its own each, and nothing that has to be done by a time.
  @Test func `random operations of several writers are decided as in memory`() async throws {
    try await withThrowingTaskGroup(of: (UInt64, String?).self) { group in
      for seed in 1...4 as ClosedRange<UInt64> {
        group.addTask {
          var operations = try RandomOperations(SQLiteFixture(), seed: seed)
          return (seed, try await operations.run(25_000))
        }
      }
      for try await (seed, difference) in group { #expect(difference == nil, "seed \(seed)") }
    }
  }
}
