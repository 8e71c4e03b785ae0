internal import Glibc
internal import LimitEngine
internal import Limits
internal import Support

/// Days of the limiter's time, in which visitors and an attacker ask the real engine by the real policy, over records in memory.
public struct Simulation {
  let scenario: Scenario
  private let policy: LimitsPolicy
  private let records = Records()
  private var random: SeededRandom
  var events = EventQueue<Event>()
  var result: Result
  private var visitors: UInt64 = 0
  /// The attacker's attempts that he may have sent again, by net.
  var attempts: [Int: Attempt] = [:]
  private let end: Int64
  private let salt: UInt64

  enum Event {
    case visitor
    case visitorOfPrefix
    case known
    case again(Attempt)
    case pin(TryIntent)
    case ended(Reservation)
    case attack(Int)
  }

  /// Somebody who has had a message.
  struct Attempt {
    let intent: SendIntent
    let id: CounterKey
    let code: CounterKey
    /// How often a visitor has had it sent again.
    var resends = 0

    /// What asks to send it again.
    var again: SendIntent {
      let visitor = intent.visitor
      return SendIntent(
        number: intent.number,
        visitor: VisitorKeys(
          address: visitor.address, net: visitor.net, wideNet: visitor.wideNet, browser: visitor.browser,
          hasCookie: true),
        resendOf: id, code: code, proof: intent.proof)
    }
  }

  public init(_ scenario: Scenario, seed: UInt64) {
    self.scenario = scenario
    policy = scenario.policy
    random = SeededRandom(seed: seed)
    end = Int64(scenario.days) * Self.day
    salt = seed
    result = Result(days: scenario.days)
  }

  static let day: Int64 = 86_400_000
  private static let hour: Int64 = 3_600_000

  public mutating func run() throws -> Result {
    try befriend()
    add(.visitor, anHour: Double(scenario.rate))
    add(.known, anHour: Double(scenario.rate) / 10)
    if scenario.newsletter {
      for _ in 0..<500 { events.add(.visitor, at: end / 2 + draw(60_000)) }
    }
    if let attack = scenario.attack {
      let spread: Duration = if case .onceADay(let time) = attack.pace { time } else { .seconds(60) }
      for net in 0..<attack.nets { events.add(.attack(net), at: Self.day + draw(spread.milliseconds)) }
      if attack.onePrefix { add(.visitorOfPrefix, anHour: Self.visitorsOfPrefixADay / 24) }
    }
    while let (time, event) = events.next(), time < end {
      switch event {
      case .visitor: try visit(at: time)
      case .visitorOfPrefix: try visitOfPrefix(at: time)
      case .known: try knownVisit(at: time)
      case .again(let attempt): try askAgain(attempt, at: time)
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

  /// Independently of each other.
  private mutating func add(_ event: Event, anHour rate: Double) {
    var time: Int64 = 0
    while time < end {
      time += Int64(-log(1 - unit()) / rate * Double(Self.hour)) + 1
      events.add(event, at: time)
    }
  }

  // MARK: Who comes

  private mutating func visit(at time: Int64) throws {
    let intent = newVisitor(prefix: UInt64(draw(2000)))
    result.asked += 1
    switch try ask(intent, passing: 0.98, at: time) {
    case .permitted(let permit): try receive(permit, newAttempt(intent), at: time)
    case .refused(let refusal):
      if refusal.challenge != nil {
        result.failedChallenges += 1
      } else {
        let budget = refusal.reasons.first { [.siteHour, .siteDay].contains($0.id) }
        result.refused[(budget ?? refusal.reasons[0]).id, default: 0] += 1
      }
    case .replayed, .consumed: break
    }
  }

  /// So many visitors' numbers are of the prefix that an attacker pumps, however many come in all.
  private static let visitorsOfPrefixADay = 5.0
  static let pumpedPrefix: UInt64 = 5000

  private mutating func visitOfPrefix(at time: Int64) throws {
    let intent = newVisitor(prefix: Self.pumpedPrefix)
    result.ofPrefixAsked += 1
    switch try ask(intent, passing: 0.98, at: time) {
    case .permitted(let permit): try receive(permit, newAttempt(intent), at: time)
    case .refused(let refusal): result.ofPrefixRefused[refusal.reasons[0].id, default: 0] += 1
    case .replayed, .consumed: break
    }
  }

  private mutating func newVisitor(prefix: UInt64) -> SendIntent {
    visitors += 1
    let place = unit() < 0.3 ? UInt64(draw(5)) : 1000 + visitors
    return SendIntent(
      number: number(visitors, prefix: prefix), visitor: visitor(address: place, net: place, browser: visitors))
  }

  /// A message. Of a hundred, five do not come: whoever waits for one has it sent again, and the same once more. Of those that
  /// come, 85 in a hundred lead to a success.
  private mutating func receive(_ permit: Permit, _ attempt: Attempt, at time: Int64) throws {
    count(at: time)
    if scenario.outage, (Self.day / 2..<Self.day / 2 + 600_000).contains(time % Self.day) {
      return events.add(.ended(permit.reservation), at: time + 10_000)
    }
    let lost = attempt.resends == 0 ? 0.05 : attempt.resends == 1 ? 0.2 : 0
    if lost > 0, unit() < lost {
      return events.add(.again(attempt), at: time + 60_000 * Int64(attempt.resends + 1) + draw(60_000))
    }
    guard unit() < 0.85 else { return }
    let intent = TryIntent(
      number: attempt.intent.number, visitor: attempt.again.visitor, attempt: attempt.id, code: attempt.code)
    events.add(.pin(intent), at: time + 20_000 + draw(160_000))
  }

  private mutating func askAgain(_ attempt: Attempt, at time: Int64) throws {
    var attempt = attempt
    result.askedAgain += 1
    switch try ask(attempt.again, passing: 0.98, at: time) {
    case .permitted(let permit):
      attempt.resends += 1
      try receive(permit, attempt, at: time)
    case .refused(let refusal): result.refusedAgain[refusal.reasons[0].id, default: 0] += 1
    case .replayed, .consumed: break
    }
  }

  private mutating func enter(_ attempt: TryIntent, at time: Int64) throws {
    let request = policy.reservation(for: attempt)
    let decision = try reserve(request, at: time)
    guard case .permitted(let permit) = decision else { return }
    let use = policy.oneTimeUse(for: attempt, permit.reservation)
    let settlement = try turn(at: time) { engine throws(StoreFailure) in try engine.consume(use) }
    result.notices += settlement.notices.count
  }

  /// Regular visitors, each in the browser that was verified before.
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
    case .permitted(let permit): try receive(permit, newAttempt(intent), at: time)
    case .refused(let refusal): result.knownRefused[refusal.reasons[0].id, default: 0] += 1
    case .replayed, .consumed: break
    }
  }

  mutating func newAttempt(_ intent: SendIntent) -> Attempt {
    Attempt(intent: intent, id: key(7, draw()), code: key(8, draw()))
  }

  mutating func count(at time: Int64) { result.sent[Int(time / Self.day)] += 1 }

  // MARK: The engine

  /// Asks, and if that is refused for want of a challenge, tries to pass it.
  mutating func ask(
    _ intent: SendIntent, passing chance: Double, at time: Int64
  ) throws -> ReservationDecision.Result {
    let first = try reserve(policy.reservation(for: intent), at: time)
    guard case .refused(let refusal) = first, let rounds = refusal.challenge else { return first }
    for _ in 0..<rounds where unit() >= chance { return first }
    var again = intent
    again.passedChallenge = rounds
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

  mutating func draw() -> UInt64 { random.next() }
  mutating func draw(_ count: Int64) -> Int64 { Int64(random.next() % UInt64(max(1, count))) }
  mutating func unit() -> Double { Double(random.next() >> 11) / Double(1 << 53 as Int64) }

  /// - Parameter wide: the /32 that the net is of.
  func visitor(
    address: UInt64, net: UInt64, wide: UInt64? = nil, browser: UInt64, hasCookie: Bool = false
  ) -> VisitorKeys {
    VisitorKeys(
      address: key(1, address), net: key(2, net), wideNet: wide.map { key(9, $0) }, browser: key(3, browser),
      hasCookie: hasCookie)
  }

  func number(_ id: UInt64, prefix: UInt64) -> NumberKeys {
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
