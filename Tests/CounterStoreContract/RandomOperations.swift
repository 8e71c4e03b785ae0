import Limits

/// Operations drawn by lot from a seed, on a store and on rows in memory at once: both must decide alike, whatever was done
/// before, while clocks go on, jump and begin anew.
public struct RandomOperations {
  private let store: [any CounterStore]
  private let model: any CounterStore
  private let clock: ManualClock
  private var random: Xorshift
  private let policy: LimitsPolicy
  /// Sends that have not ended, as each side knows them.
  private var sends: [(store: Receipt, model: Receipt)] = []
  private var tries: [(intent: TryIntent, store: Receipt, model: Receipt)] = []
  private var boots = 1

  /// - Parameters:
  ///   - fixture: an empty store.
  ///   - writers: so many processes are at it, in turn.
  public init(_ fixture: any StoreFixture, writers: Int = 3, seed: UInt64) throws {
    clock = fixture.clock
    store = try (0..<writers).map { _ in try fixture.open() }
    let clock = clock
    model = MemoryStore { clock.now() }
    random = Xorshift(seed: seed)
    var policy = LimitsPolicy(limits: LimitsPolicy.defaults)
    policy.conversion?.sends = 5
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
      let charge = policy.charge(for: send())
      let (one, other) = (try await store.charge(charge), try await model.charge(charge))
      if case .admitted(let admission) = one.verdict, case .admitted(let modelled) = other.verdict {
        sends.append((admission.receipt, modelled.receipt))
      }
      return difference("charge", told(one), told(other))
    case 9..<11 where !sends.isEmpty:
      let (receipt, modelled) = sends.remove(at: draw(UInt64(sends.count)))
      let answer = [UInt8](repeating: 7, count: draw(300))
      let wasSent = draw(5) > 0
      return difference(
        "finish", try await store.finish(receipt, answer: answer, wasSent: wasSent),
        try await model.finish(modelled, answer: answer, wasSent: wasSent))
    case 11 where !sends.isEmpty:
      let (receipt, modelled) = sends.remove(at: draw(UInt64(sends.count)))
      return difference("refund", try await store.refund(receipt), try await model.refund(modelled))
    case 12..<15:
      let intent = Keys.attempt(
        "4366012\(30000 + draw(12))", by: "visitor \(draw(8))", attempt: "\(draw(10))", code: "\(draw(20))")
      let charge = policy.charge(for: intent)
      let (one, other) = (try await store.charge(charge), try await model.charge(charge))
      if case .admitted(let admission) = one.verdict, case .admitted(let modelled) = other.verdict {
        tries.append((intent, admission.receipt, modelled.receipt))
      }
      return difference("try", told(one), told(other))
    case 15..<17 where !tries.isEmpty:
      let (intent, receipt, modelled) = tries.remove(at: draw(UInt64(tries.count)))
      return difference(
        "claim", try await store.claim(policy.claim(for: intent, receipt)),
        try await model.claim(policy.claim(for: intent, modelled)))
    case 17:
      let charge = policy.charge(for: send())
      return difference(
        "answer", try await store.answer(nonce: charge.nonce, pair: charge.pair),
        try await model.answer(nonce: charge.nonce, pair: charge.pair))
    case 18:
      let charge = policy.charge(for: send())
      let rules = charge.rules + charge.knownRules + charge.strangerRules
      let one = try await store.counts(of: rules, guards: charge.guards)
      return difference("counts", one, try await model.counts(of: rules, guards: charge.guards))
    default: return try await ownersStep(store)
    }
  }

  private mutating func ownersStep(_ store: any CounterStore) async throws -> String? {
    let charge = policy.charge(for: send())
    let number = charge.pair.number
    switch draw(10) {
    case 0:
      try await store.forget(number: number)
      try await model.forget(number: number)
      return nil
    case 1:
      try await store.clear(charge.rules, guards: charge.guards)
      try await model.clear(charge.rules, guards: charge.guards)
      return nil
    default:
      return difference(
        "browsers", try await store.browsers(knowing: number), try await model.browsers(knowing: number))
    }
  }

  private func difference<Value: Equatable>(_ what: String, _ one: Value, _ other: Value) -> String? {
    one == other ? nil : "\(what): \(one), in memory \(other)"
  }

  /// A decision without the receipt's name, which is drawn by each side.
  private func told(_ decision: ChargeDecision) -> String {
    let verdict: String
    switch decision.verdict {
    case .admitted(let admission):
      let rows = admission.receipt.rules.map { "\($0.row)=\(admission.left[$0.row] ?? -1)" }
      verdict =
        "admitted at \(admission.receipt.time), next \(String(describing: admission.next)), left \(rows), "
        + "would refuse \(String(describing: admission.wouldRefuse))"
    case .refused(let refusal): verdict = "refused \(refusal)"
    case .repeated(let earlier): verdict = "repeated \(earlier)"
    case .used: verdict = "used"
    }
    return "\(verdict), notices \(decision.notices)"
  }
}
