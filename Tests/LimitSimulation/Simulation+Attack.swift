internal import Limits

/// The attacker. He knows the rules, and does what gets him most.
extension Simulation {
  mutating func attack(from net: Int, at time: Int64) throws {
    guard let attack = scenario.attack else { return }
    let isOnceADay = if case .onceADay = attack.pace { true } else { false }
    if let attempt = attempts[net] {
      if try sendsAgain(attempt, from: net, at: time) { return }
      attempts[net] = nil
      if isOnceADay { return events.add(.attack(net), at: time + nextDay()) }
    }
    let intent = hostile(attack, from: net)
    switch try ask(intent, passing: Self.robots, at: time) {
    case .permitted:
      serve(newAttempt(intent), from: net, at: time)
    case .refused(let refusal):
      result.attackRefused[refusal.reasons[0].id, default: 0] += 1
      // Who has failed the challenge, or has more nets than the site messages, leaves it for this day.
      if isOnceADay, refusal.challenge != nil || attack.nets > 5000 {
        return events.add(.attack(net), at: time + nextDay())
      }
      let pause: Int64 = if case .polling(let pause) = attack.pace { pause.milliseconds } else { 300_000 }
      let wait = refusal.retryAfter?.milliseconds ?? Self.day
      events.add(.attack(net), at: time + max(pause / 2, min(wait, 30 * pause)) + draw(pause))
    case .replayed, .consumed: events.add(.attack(net), at: time + 60_000)
    }
  }

  /// - Returns: false where it is refused.
  private mutating func sendsAgain(_ attempt: Attempt, from net: Int, at time: Int64) throws -> Bool {
    switch try ask(attempt.again, passing: Self.robots, at: time) {
    case .permitted:
      result.resentMessages += 1
      serve(attempt, from: net, at: time)
    case .refused: return false
    // It is too early.
    case .replayed, .consumed: events.add(.attack(net), at: time + 20_000 + draw(20_000))
    }
    return true
  }

  private mutating func serve(_ attempt: Attempt, from net: Int, at time: Int64) {
    result.messages[Int(time / Self.day)] += 1
    count(at: time)
    attempts[net] = attempt
    events.add(.attack(net), at: time + 30_000 + draw(30_000))
  }

  private mutating func nextDay() -> Int64 { Self.day * 98 / 100 + draw(Self.day * 4 / 100) }

  /// The part of robots that pass a round of the challenge.
  private static let robots = 0.05

  private mutating func hostile(_ attack: Scenario.Attack, from net: Int) -> SendIntent {
    let id = 1 << 50 + UInt64(net)
    let own = attack.areWide ? 1 << 54 + UInt64(net) << 16 + UInt64(draw(1 << 16)) : id
    let address = attack.addresses == 1 ? own : 1 << 52 + UInt64(draw(Int64(attack.addresses)))
    let number =
      attack.onePrefix
      ? number(1 << 50 + UInt64(draw(10_000)), prefix: Self.pumpedPrefix)
      : number(1 << 50 + draw() >> 14, prefix: UInt64(draw(2000)))
    return SendIntent(
      number: number,
      visitor: visitor(address: address, net: own, wide: attack.areWide ? id : nil, browser: draw()))
  }
}
