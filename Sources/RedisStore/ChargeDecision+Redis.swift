internal import LimitEngine
internal import Limits

extension ChargeDecision {
  static let malformed = StoreFailure(.corrupt, "the script answered something else")

  /// -1 stands for ever.
  static func wait(_ milliseconds: Int64) -> Duration? {
    milliseconds < 0 ? nil : .milliseconds(milliseconds)
  }

  /// The script's answer to a charge.
  init(_ reply: [RedisReply], _ charge: Charge, _ id: [UInt8]) throws(StoreFailure) {
    guard let verdict = reply[2].string else { throw Self.malformed }
    switch verdict {
    case "used": self.init(.used)
    case "repeated":
      guard reply.count == 4 else { throw Self.malformed }
      self.init(.repeated(try Repeat(reply[3])))
    case "refused", "admitted":
      guard reply.count >= 7, let now = reply[1].integer, let known = reply[3].integer,
        let reasons = reply[4].list?.compactMap(\.integer), let closed = reply[5].list?.compactMap(\.integer),
        let news = reply[6].list
      else { throw Self.malformed }
      let isKnown = known == 1
      let (rules, guards) = (charge.rules(isKnown: isKnown), charge.guards(isKnown: isKnown))
      let all =
        try Self.reasons(reasons, rules.map(\.row)) + Self.reasons(closed, guards.map(\.row))
      let refusal = all.isEmpty ? nil : Refusal(all)
      var notices: [LimitNotice] = []
      for item in news { notices.append(try LimitNotice(item, rules, guards)) }
      if verdict == "refused" {
        guard let refusal else { throw Self.malformed }
        self.init(.refused(refusal), notices: notices)
        return
      }
      guard reply.count == 9, let left = reply[7].list?.compactMap(\.integer), left.count == rules.count,
        let next = reply[8].integer
      else { throw Self.malformed }
      let passage = ChargeOutcome.Passage(
        isKnown: isKnown, time: now, next: Self.wait(next), left: left.map { Int($0) }, wouldRefuse: refusal)
      self.init(ChargeOutcome(.admitted(passage), notices: notices), of: charge, id: id)
    default: throw Self.malformed
    }
  }

  /// The index that Lua counts from 1; whatever stands there, it does not trap.
  static func index(_ number: Int64?, in indices: Range<Int>) -> Int? {
    guard let number, number >= 1, number <= Int64(indices.count) else { return nil }
    return Int(number) - 1
  }

  /// Index and wait, index and wait.
  private static func reasons(_ flat: [Int64], _ rows: [LimitRow]) throws(StoreFailure) -> [Refusal.Reason] {
    var reasons: [Refusal.Reason] = []
    for position in stride(from: 0, to: flat.count - 1, by: 2) {
      guard let index = index(flat[position], in: rows.indices) else { throw malformed }
      reasons.append(Refusal.Reason(rows[index], wait: wait(flat[position + 1])))
    }
    return reasons
  }
}

extension Repeat {
  init(_ reply: RedisReply) throws(StoreFailure) {
    let items = reply.list ?? []
    switch items.first?.string {
    case "answered":
      guard items.count == 2, let answer = items[1].bytes else { throw ChargeDecision.malformed }
      self = .answered(answer)
    case "flying": self = .inFlight
    case "lost": self = .lost
    default: throw ChargeDecision.malformed
    }
  }
}

extension Settlement {
  /// The script's answer to the end of a send or to a success.
  init(_ reply: [RedisReply], _ guards: [ConversionGuard]) throws(StoreFailure) {
    guard let isDone = reply[2].integer else { throw ChargeDecision.malformed }
    var notices: [LimitNotice] = []
    for item in reply.count > 3 ? reply[3].list ?? [] : [] { notices.append(try LimitNotice(item, [], guards)) }
    self.init(isDone: isDone == 1, notices: notices)
  }
}

extension LimitNotice {
  init(_ reply: RedisReply, _ rules: [Rule], _ guards: [ConversionGuard]) throws(StoreFailure) {
    let items = reply.list ?? []
    let numbers = items.dropFirst().compactMap(\.integer)
    switch (items.first?.string, numbers.count) {
    case ("reached", 3):
      guard let index = ChargeDecision.index(numbers[0], in: rules.indices) else { throw ChargeDecision.malformed }
      self = .reached(
        rules[index].row, percent: Int(numbers[1]), count: Int(numbers[2]), limit: rules[index].alarmLimit)
    case ("closed", 4):
      guard let index = ChargeDecision.index(numbers[0], in: guards.indices) else { throw ChargeDecision.malformed }
      self = .closed(
        guards[index].row, guards[index].key, for: .milliseconds(numbers[1]), sends: Int(numbers[2]),
        verified: Int(numbers[3]))
    case ("opened", 3):
      guard let index = ChargeDecision.index(numbers[0], in: guards.indices) else { throw ChargeDecision.malformed }
      self = .opened(guards[index].row, guards[index].key, sends: Int(numbers[1]), verified: Int(numbers[2]))
    default: throw ChargeDecision.malformed
    }
  }
}
