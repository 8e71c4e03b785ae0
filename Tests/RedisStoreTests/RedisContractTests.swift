import CounterStoreContract
import Testing

struct RedisContractTests {
  private static let server = Result { try RedisServer() }

  @Test(arguments: ContractClause.all)
  func `the contract of all stores holds for Redis`(_ clause: ContractClause) async throws {
    try await clause.hold(RedisFixture(Self.server.get()))
  }
}
