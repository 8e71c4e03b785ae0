import Limits
internal import Support

/// Operations drawn by lot from a seed, on a store and on records in memory at once: both must decide alike, whatever was done
/// before, while clocks go on, jump and begin anew.
public struct RandomOperations {
  private let store: [any CounterStore & StoreAdmin]
  private let model: any CounterStore & StoreAdmin
  private let clock: ManualClock
  private var random: SeededRandom
  private let policy: LimitsPolicy
  /// Sends that have not ended, as each side knows them.
  private var sends: [(store: Reservation, model: Reservation)] = []
  private var tries: [(intent: TryIntent, store: Reservation, model: Reservation)] = []
  private var boots = 1

  /// - Parameters:
  ///   - fixture: an empty store.
  ///   - writers: so many processes are at it, in turn.
  public init(_ fixture: any StoreFixture, writers: Int = 3, seed: UInt64) throws {
    clock = fixture.clock
    store = try (0..<writers).map { _ in try fixture.open() }
    let clock = clock
    model = MemoryStore { clock.now() }
    random = SeededRandom(seed: seed)
    var policy = LimitsPolicy(limits: LimitsPolicy.defaults)
    policy.limits[.prefix4Ration] = Limit(40, per: .seconds(86_400))
    policy.limits[.siteDay] = Limit(60, per: .seconds(86_400))
    policy.limits[.netDay] = Limit(9, per: .seconds(86_400))
    policy.challenge = seed % 2 == 0
    self.policy = policy
  }

  /// - Returns: what they disagreed about first; nil when they agreed all the time.
  public mutating func run(_ count: Int) async throws -> String? {
    for index in 0..<count {
      passTime()
      if let difference = try await step() { return "operation \(index): \(difference)" }
    }
    return nil
  }

  private mutating func draw(_ count: UInt64) -> Int { Int(random.next() % count) }

  private mutating func passTime() {
    switch draw(1000) {
    case 0: clock.stepWall(.seconds(draw(200_000) - 100_000))
    case 1:
      boots += 1
      clock.reboot(after: .seconds(draw(100_000)), boot: "boot \(boots)")
    case 2..<20: clock.advance(.seconds(draw(90_000)))
    case 20..<300: clock.advance(.seconds(draw(120)))
    default: clock.advance(.milliseconds(draw(3000)))
    }
  }

  private mutating func send() -> SendIntent {
    Keys.send(
      "4366012\(30000 + draw(12))", by: "visitor \(draw(8))", nonce: draw(2) == 0 ? "form \(draw(40))" : nil,
      resendOf: draw(4) == 0 ? "\(draw(10))" : nil)
  }

  private mutating func step() async throws -> String? {
    let store = store[draw(UInt64(store.count))]
    switch draw(20) {
    case 0..<9:
      let request = policy.reservation(for: send())
      let (one, other) = (try await store.reserve(request), try await model.reserve(request))
      if case .permitted(let permit) = one.result, case .permitted(let modeled) = other.result {
        sends.append((permit.reservation, modeled.reservation))
      }
      return difference("reserve", told(one), told(other))
    case 9..<11 where !sends.isEmpty:
      let (reservation, modeled) = sends.remove(at: draw(UInt64(sends.count)))
      let answer = [UInt8](repeating: 7, count: draw(300))
      let wasSent = draw(5) > 0
      return difference(
        "commit", try await store.commit(reservation, answer: answer, wasSent: wasSent),
        try await model.commit(modeled, answer: answer, wasSent: wasSent))
    case 11 where !sends.isEmpty:
      let (reservation, modeled) = sends.remove(at: draw(UInt64(sends.count)))
      return difference("release", try await store.release(reservation), try await model.release(modeled))
    case 12..<15:
      let intent = Keys.attempt(
        "4366012\(30000 + draw(12))", by: "visitor \(draw(8))", attempt: "\(draw(10))", code: "\(draw(20))")
      let request = policy.reservation(for: intent)
      let (one, other) = (try await store.reserve(request), try await model.reserve(request))
      if case .permitted(let permit) = one.result, case .permitted(let modeled) = other.result {
        tries.append((intent, permit.reservation, modeled.reservation))
      }
      return difference("try", told(one), told(other))
    case 15..<17 where !tries.isEmpty:
      let (intent, reservation, modeled) = tries.remove(at: draw(UInt64(tries.count)))
      return difference(
        "consume", try await store.consume(policy.oneTimeUse(for: intent, reservation)),
        try await model.consume(policy.oneTimeUse(for: intent, modeled)))
    case 17:
      let request = policy.reservation(for: send())
      return difference(
        "answer", try await store.answer(nonce: request.nonce, pair: request.pair),
        try await model.answer(nonce: request.nonce, pair: request.pair))
    case 18:
      let request = policy.reservation(for: send())
      let rules = request.rules + request.trustedRules + request.untrustedRules
      let one = try await store.show(rules, rations: request.rations)
      return difference("counts", one, try await model.show(rules, rations: request.rations))
    default: return try await ownersStep(store)
    }
  }

  private mutating func ownersStep(_ store: any CounterStore & StoreAdmin) async throws -> String? {
    let request = policy.reservation(for: send())
    let number = request.pair.number
    switch draw(10) {
    case 0:
      try await store.forget(number: number)
      try await model.forget(number: number)
      return nil
    case 1:
      try await store.clear(request.rules, rations: request.rations)
      try await model.clear(request.rules, rations: request.rations)
      return nil
    default:
      return difference(
        "browsers", try await store.browsers(trustedFor: number), try await model.browsers(trustedFor: number))
    }
  }

  private func difference<Value: Equatable>(_ what: String, _ one: Value, _ other: Value) -> String? {
    one == other ? nil : "\(what): \(one), in memory \(other)"
  }

  /// A decision without the reservation's name, which is drawn by each side.
  private func told(_ decision: ReservationDecision) -> String {
    let result: String
    switch decision.result {
    case .permitted(let permit):
      let rows = permit.reservation.rules.map { "\($0.id)=\(permit.left[$0.id] ?? -1)" }
      result =
        "admitted at \(permit.reservation.time), next \(String(describing: permit.next)), left \(rows), "
        + "would refuse \(String(describing: permit.wouldRefuse))"
    case .refused(let refusal): result = "refused \(refusal)"
    case .replayed(let earlier): result = "repeated \(earlier)"
    case .consumed: result = "used"
    }
    return "\(result), notices \(decision.notices)"
  }
}
