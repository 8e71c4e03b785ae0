import CounterStoreContract
import Limits
import Testing

@testable import RedisStore

/// What a Redis that is not ours may answer.
struct RedisAnswerTests {
  private let charge = LimitsPolicy().charge(for: Keys.send())

  @Test(arguments: [Int64.min, -1, 0, 1_000_000, .max])
  func `a row that there is not is malformed, and nothing traps`(_ index: Int64) {
    let refused: [RedisReply] = [
      .nothing, .integer(0), .text(Array("refused".utf8)), .integer(0), .list([.integer(index), .integer(1)]),
      .list([]),
      .list([]),
    ]
    #expect(throws: ChargeDecision.malformed) { try ChargeDecision(refused, charge, [1]) }
    for (word, count) in [("reached", 3), ("closed", 4), ("opened", 3)] {
      let numbers = [index, 1, 1, 1].prefix(count).map { RedisReply.integer($0) }
      let notice = RedisReply.list([.text(Array(word.utf8))] + numbers)
      #expect(throws: ChargeDecision.malformed) { try LimitNotice(notice, charge.rules, charge.guards) }
      let settled: [RedisReply] = [.nothing, .integer(0), .integer(1), .list([notice])]
      #expect(throws: ChargeDecision.malformed) { try Settlement(settled, charge.guards) }
    }
  }
}
