import CounterStoreContract
import Testing

struct SQLiteContractTests {
  @Test(arguments: ContractClause.all)
  func `the contract of all stores holds for SQLite`(_ clause: ContractClause) async throws {
    try await clause.hold(SQLiteFixture())
  }
}
