import CounterStoreContract
import Testing

struct RedisProcessTests {
  @Test
  func `three processes with ten thousand sends spend the budget exactly`() throws {
    let server = try RedisServer()
    let workers = try (0..<3).map { _ in try Worker("unix:\(server.socket)", "charge", 3334) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 200)
  }

  @Test
  func `three processes with ten thousand right PINs for one request have one success`() throws {
    let server = try RedisServer()
    let workers = try (0..<3).map { _ in try Worker("unix:\(server.socket)", "claim", 3334) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 1)
  }
}
