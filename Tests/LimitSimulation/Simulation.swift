internal import Glibc
internal import LimitEngine
public import Limits
internal import Support

/// Days of the limiter's time, in which visitors and an attacker ask the real engine by the real policy, over records in memory.
public struct Simulation {
  /// What came of it.
  public struct Result: Sendable {
    public var asked = 0
    /// New visitors who were refused, by the first reason.
    public var refused: [LimitID: Int] = [:]
    public var failedChallenges = 0
    /// Those in trusted browsers or with a proof.
    public var knownAsked = 0
    public var knownRefused: [LimitID: Int] = [:]
    /// The attacker's, by day.
    public var messages: [Int]
    /// All, by day: no more than the budget.
    public var sent: [Int]
    /// Of each hour: asked and refused.
    public var hours: [(asked: Int, refused: Int)]
    public var notices = 0
    /// Why the attacker was refused.
    public var attackRefused: [LimitID: Int] = [:]

    public func refusedPercent(forgivingBudget: Bool) -> Double {
      let counted = refused.filter { !forgivingBudget || ![.siteHour, .siteDay].contains($0.key) }
      return 100 * Double(counted.values.reduce(failedChallenges, +)) / Double(max(1, asked))
    }

    public var messagesADay: Double { Double(messages.reduce(0, +)) / Double(messages.count) }
  }

  private let scenario: Scenario
  private let policy: LimitsPolicy
  private let records = Records()
  private var random: SeededRandom
  private var events = EventQueue<Event>()
  private var result: Result
  private var visitors: UInt64 = 0
  private let end: Int64
  private let salt: UInt64

  private enum Event {
    case visitor
    case known
    case pin(TryIntent)
    case ended(Reservation)
    case attack(Int)
  }

  public init(_ scenario: Scenario, seed: UInt64) {
    self.scenario = scenario
    policy = scenario.policy
    random = SeededRandom(seed: seed)
    end = Int64(scenario.days) * Self.day
    salt = seed
    result = Result(
      messages: Array(repeating: 0, count: scenario.days), sent: Array(repeating: 0, count: scenario.days),
      hours: Array(repeating: (0, 0), count: scenario.days * 24))
  }

  private static let day: Int64 = 86_400_000
  private static let hour: Int64 = 3_600_000

  public mutating func run() throws -> Result {
    try befriend()
    var time: Int64 = 0
    while time < end {
      time += Int64(-log(1 - unit()) / Double(scenario.rate) * Double(Self.hour)) + 1
      events.add(.visitor, at: time)
    }
    time = 0
    while time < end {
      time += Int64(-log(1 - unit()) / Double(scenario.rate) * 10 * Double(Self.hour)) + 1
      events.add(.known, at: time)
    }
    if scenario.newsletter {
      for _ in 0..<500 { events.add(.visitor, at: end / 2 + draw(60_000)) }
    }
    if let attack = scenario.attack {
      let spread: Duration = if case .onceADay(let time) = attack.pace { time } else { .seconds(60) }
      for net in 0..<attack.nets { events.add(.attack(net), at: draw(spread.milliseconds)) }
    }
    while let (time, event) = events.next(), time < end {
      switch event {
      case .visitor: try visit(at: time)
      case .known: try knownVisit(at: time)
      case .pin(let intent): try enter(intent, at: time)
      case .ended(let reservation):
        _ = try turn(at: time) { engine throws(StoreFailure) in
          try engine.commit(reservation, answer: [], wasSent: false)
        }
      case .attack(let net): try attack(from: net, at: time)
      }
    }
    return result
  }

  // MARK: Who comes

  private mutating func visit(at time: Int64) throws {
    visitors += 1
    let isShared = unit() < 0.3
    let place = isShared ? UInt64(draw(5)) : 1000 + visitors
    let visitor = visitor(address: place, net: place, browser: visitors)
    let number = number(visitors, prefix: UInt64(draw(2000)))
    result.asked += 1
    result.hours[Int(time / Self.hour)].asked += 1
    let intent = SendIntent(number: number, visitor: visitor)
    switch try ask(intent, passing: 0.98, at: time) {
    case .permitted(let permit): try receive(permit, intent, at: time)
    case .refused(let refusal):
      result.hours[Int(time / Self.hour)].refused += 1
      if refusal.challenge != nil {
        result.failedChallenges += 1
      } else {
        let budget = refusal.reasons.first { [.siteHour, .siteDay].contains($0.id) }
        result.refused[(budget ?? refusal.reasons[0]).id, default: 0] += 1
      }
    case .replayed, .consumed: break
    }
  }

  /// A message: of a hundred, 85 lead to a success.
  private mutating func receive(_ permit: Permit, _ intent: SendIntent, at time: Int64) throws {
    count(at: time)
    if scenario.outage, (Self.day / 2..<Self.day / 2 + 600_000).contains(time % Self.day) {
      return events.add(.ended(permit.reservation), at: time + 10_000)
    }
    guard unit() < 0.85 else { return }
    let visitor = intent.visitor
    let attempt = TryIntent(
      number: intent.number,
      visitor: VisitorKeys(
        address: visitor.address, net: visitor.net, wideNet: visitor.wideNet, browser: visitor.browser, hasCookie: true),
      attempt: key(7, draw()), code: key(8, draw()))
    events.add(.pin(attempt), at: time + 20_000 + draw(160_000))
  }

  private mutating func enter(_ attempt: TryIntent, at time: Int64) throws {
    let request = policy.reservation(for: attempt)
    let decision = try reserve(request, at: time)
    guard case .permitted(let permit) = decision else { return }
    let use = policy.oneTimeUse(for: attempt, permit.reservation)
    let settlement = try turn(at: time) { engine throws(StoreFailure) in try engine.consume(use) }
    result.notices += settlement.notices.count
  }

  /// Twenty regular visitors, each in the browser that was verified before.
  private mutating func befriend() throws {
    let trusting = LimitsPolicy(limits: [:])
    for regular in 0..<Self.regulars {
      let intent = self.regular(regular)
      let attempt = TryIntent(
        number: intent.number, visitor: intent.visitor, attempt: key(7, draw()), code: key(8, draw()))
      guard case .permitted(let permit) = try reserve(trusting.reservation(for: attempt), at: 0) else { continue }
      let use = trusting.oneTimeUse(for: attempt, permit.reservation)
      _ = try turn(at: 0) { engine throws(StoreFailure) in try engine.consume(use) }
    }
  }

  private static let regulars: UInt64 = 200

  private func regular(_ index: UInt64) -> SendIntent {
    let id = 1 << 40 + index
    return SendIntent(
      number: number(id, prefix: index), visitor: visitor(address: id, net: id, browser: id, hasCookie: true))
  }

  private mutating func knownVisit(at time: Int64) throws {
    var intent: SendIntent
    if unit() < 0.5 {
      // In turn: each number has its cooldown.
      intent = regular(UInt64(result.knownAsked) % Self.regulars)
    } else {
      visitors += 1
      intent = SendIntent(
        number: number(visitors, prefix: UInt64(draw(2000))),
        visitor: visitor(address: 1000 + visitors, net: 1000 + visitors, browser: visitors, hasCookie: true),
        proof: key(9, visitors))
    }
    result.knownAsked += 1
    switch try ask(intent, passing: 0, at: time) {
    case .permitted(let permit): try receive(permit, intent, at: time)
    case .refused(let refusal): result.knownRefused[refusal.reasons[0].id, default: 0] += 1
    case .replayed, .consumed: break
    }
  }

  private mutating func attack(from net: Int, at time: Int64) throws {
    guard let attack = scenario.attack else { return }
    let id = 1 << 50 + UInt64(net)
    let address = attack.addresses == 1 ? id : 1 << 52 + UInt64(draw(Int64(attack.addresses)))
    let number =
      attack.onePrefix
      ? number(1 << 50 + UInt64(draw(10_000)), prefix: 5000)
      : number(1 << 50 + draw() >> 14, prefix: UInt64(draw(2000)))
    let intent = SendIntent(number: number, visitor: visitor(address: address, net: id, browser: draw()))
    let decision = try ask(intent, passing: 0.05, at: time)
    var isServed = false
    var gaveUp = false
    switch decision {
    case .permitted:
      isServed = true
      result.messages[Int(time / Self.day)] += 1
      count(at: time)
    case .refused(let refusal):
      result.attackRefused[refusal.reasons[0].id, default: 0] += 1
      gaveUp = refusal.challenge != nil || attack.nets > 5000
    case .replayed, .consumed: break
    }
    switch attack.pace {
    case .polling(let pause):
      events.add(.attack(net), at: time + pause.milliseconds / 2 + draw(pause.milliseconds))
    case .onceADay:
      let isDone = isServed || gaveUp
      events.add(
        .attack(net), at: time + (isDone ? Self.day * 98 / 100 + draw(Self.day * 4 / 100) : 300_000 + draw(600_000)))
    }
  }

  private mutating func count(at time: Int64) { result.sent[Int(time / Self.day)] += 1 }

  // MARK: The engine

  /// Asks, and if that is refused for want of a challenge, tries to pass it.
  private mutating func ask(
    _ intent: SendIntent, passing chance: Double, at time: Int64
  ) throws -> ReservationDecision.Result {
    let first = try reserve(policy.reservation(for: intent), at: time)
    guard case .refused(let refusal) = first, let rounds = refusal.challenge else { return first }
    for _ in 0..<rounds where unit() >= chance { return first }
    let again = SendIntent(
      number: intent.number, visitor: intent.visitor, passedChallenge: rounds, proof: intent.proof)
    return try reserve(policy.reservation(for: again), at: time)
  }

  private mutating func reserve(_ request: ReservationRequest, at time: Int64) throws -> ReservationDecision.Result {
    let id = Self.bytes(draw()) + Self.bytes(draw())
    let decision = try turn(at: time) { engine throws(StoreFailure) in try engine.reserve(request, id: id) }
    result.notices += decision.notices.count
    return ReservationDecision(decision, of: request, id: id).result
  }

  private func turn<Value>(
    at time: Int64, _ work: (LimitEngine) throws(StoreFailure) -> Value
  ) throws -> Value {
    let since = 5_000_000 + time
    let engine = try LimitEngine(
      records, at: MachineTime(boot: [1], sinceBoot: since, wall: 1_800_000_000_000 + time))
    let value = try work(engine)
    if engine.close() > 0 { try engine.flush() }
    return value
  }

  // MARK: Lots and names

  private mutating func draw() -> UInt64 { random.next() }
  private mutating func draw(_ count: Int64) -> Int64 { Int64(random.next() % UInt64(max(1, count))) }
  private mutating func unit() -> Double { Double(random.next() >> 11) / Double(1 << 53 as Int64) }

  private func visitor(address: UInt64, net: UInt64, browser: UInt64, hasCookie: Bool = false) -> VisitorKeys {
    VisitorKeys(address: key(1, address), net: key(2, net), browser: key(3, browser), hasCookie: hasCookie)
  }

  private func number(_ id: UInt64, prefix: UInt64) -> NumberKeys {
    NumberKeys(
      number: key(4, id), prefix4: key(5, prefix), prefix6: key(6, prefix / 100), country: CounterKey([2, 2]),
      site: CounterKey([3, 3]))
  }

  /// A name that looks like a keyed hash.
  private func key(_ kind: UInt64, _ id: UInt64) -> CounterKey {
    var source = SeededRandom(seed: salt &* 31 &+ kind &* 0x9E37_79B9_7F4A_7C15 ^ id)
    _ = source.next()
    return CounterKey(Self.bytes(source.next()) + Self.bytes(source.next()))
  }

  private static func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}

private final class Records: RecordStore {
  private var records: [CounterKey: [UInt8]] = [:]
  func read(_ key: CounterKey) -> [UInt8]? { records[key] }
  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) { records[key] = record }
  func remove(_ key: CounterKey) { records[key] = nil }
}
