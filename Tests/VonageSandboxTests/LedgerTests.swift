import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct LedgerTests {
  private func order(_ number: String) throws -> StartOrder {
    let parameters: Parameters = ["QUERY_STRING": "number=\(number)&brand=Acme"]
    return try StartOrder(CallParameters(Request(method: .get, parameters: parameters)))
  }

  @Test func `ended requests are forgotten, the latest ten thousand are not`() throws {
    var ledger = Ledger { _ in }
    let order = try order("447700900000")
    var ids: [String] = []
    for _ in 0..<2 * Ledger.mostEnded {
      ids.append(ledger.begin(order, account: "a", at: .zero))
      ledger.finish(ids[ids.count - 1], .cancelled, at: .zero)
    }
    #expect(ledger.run(ids[Ledger.mostEnded - 1], of: "a") == nil)
    #expect(ledger.run(ids[Ledger.mostEnded], of: "a")?.state == .cancelled)
    #expect(ledger.statistics.running == 0)
  }

  @Test func `requests that run survive the clearing of what ended early`() throws {
    var ledger = Ledger { _ in }
    let running = ledger.begin(try order("447700900001"), account: "a", at: .zero)
    let order = try order("447700900000")
    for _ in 0..<3000 {
      ledger.finish(ledger.begin(order, account: "a", at: .zero), .cancelled, at: .zero)
    }
    ledger.settle(at: .seconds(124))
    #expect(ledger.run(running, of: "a")?.events.count == 1)
    ledger.settle(at: .seconds(125))
    #expect(ledger.run(running, of: "a")?.events.count == 2)
    ledger.settle(at: .seconds(605))
    #expect(ledger.run(running, of: "a")?.state == .expired)
  }

  @Test func `a request is unknown to other accounts`() throws {
    var ledger = Ledger { _ in }
    let id = ledger.begin(try order("447700900000"), account: "a", at: .zero)
    #expect(ledger.run(id, of: "b") == nil)
    #expect(ledger.running(number: "447700900000", of: "a") == id)
    #expect(ledger.running(number: "447700900000", of: "b") == nil)
  }
}
