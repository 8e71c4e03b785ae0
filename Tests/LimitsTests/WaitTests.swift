import CounterStoreContract
import LimitEngine
import Limits
import Support
import Testing

/// Whoever comes when they are told passes, and sooner nobody does.
struct WaitTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func `who comes when told passes, and who comes sooner does not, whatever was done before`(seed: UInt64) async throws
  {
    var history = WaitHistory(seed: seed)
    try await history.run(150)
    // It would say little if there was nothing to wait for.
    #expect(history.waits > 20, "\(history.told)")
  }
}

/// What visitors of a few nets do, drawn by lot from a seed. After each step somebody asks how long it takes, and comes at
/// that time, and at times before, while nobody else does.
private struct WaitHistory {
  private let clock = ManualClock()
  private let store: MemoryStore
  private var random: SeededRandom
  private let policy: LimitsPolicy
  private var sends: [(intent: SendIntent, reservation: Reservation)] = []
  private var steps = 0
  /// How many waits were told, and for what.
  private(set) var waits = 0
  private(set) var told: [LimitID: Int] = [:]

  init(seed: UInt64) {
    store = MemoryStore { [clock] in clock.now() }
    random = SeededRandom(seed: seed)
    var policy = LimitsPolicy()
    policy.challenge = seed % 3 == 0
    // A number is verified again and again here.
    policy.trustedLife = .seconds(20_000)
    policy.limits[.trustedDay] = Limit(3, per: .days(1))
    policy.limits[.numberDay] = Limit(6, per: .days(1))
    policy.limits[.addressDay] = Limit(8, per: .days(1))
    policy.limits[.prefix4Ration] = Limit(25, per: .days(1))
    policy.limits[.siteDay] = Limit(seed % 2 == 0 ? 60 : 1000, per: .days(1))
    policy.limits[.siteHour] = Limit(seed % 2 == 0 ? 20 : 200, per: .seconds(3600))
    self.policy = policy
  }

  private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  mutating func run(_ count: Int) async throws {
    for _ in 0..<count {
      steps += 1
      switch draw(60) {
      case 0: clock.advance(.seconds(draw(100_000)))
      case 1..<8: clock.advance(.seconds(draw(9_000)))
      default: clock.advance(.milliseconds(draw(60_000)))
      }
      try await step()
      try await look(at: intent())
    }
  }

  private mutating func intent() -> SendIntent {
    let visitor = draw(6)
    let name = "visitor \(visitor)"
    return SendIntent(
      number: Keys.number("4366012\(30_000 + draw(7))"),
      visitor: VisitorKeys(
        address: Keys.key("address \(visitor / 2)"), net: Keys.key("net \(visitor / 3)"),
        wideNet: visitor < 3 ? Keys.key("wide") : nil, isOfOwnNetwork: visitor == 5 && draw(9) == 0,
        browser: Keys.key(name), hasCookie: true),
      resendOf: draw(3) == 0 ? Keys.key("attempt \(visitor)") : nil,
      passedChallenge: draw(2) == 0 ? Refusal.mostRounds : 0, proof: draw(6) == 0 ? Keys.key("proof") : nil)
  }

  private mutating func step() async throws {
    let intent = intent()
    switch draw(10) {
    case 0..<6:
      if case .permitted(let permit) = try await store.reserve(policy.reservation(for: intent)).result {
        sends.append((intent, permit.reservation))
      }
    case 6 where !sends.isEmpty:
      let send = sends.remove(at: draw(sends.count))
      _ = try await store.commit(send.reservation, answer: [1], wasSent: draw(3) > 0)
    case 7 where !sends.isEmpty: _ = try await store.release(sends.remove(at: draw(sends.count)).reservation)
    case 8, 9:
      let intent = sends.isEmpty ? intent : sends[draw(sends.count)].intent
      let attempt = TryIntent(
        number: intent.number, visitor: intent.visitor, attempt: Keys.key("try \(steps)"),
        code: Keys.key("code \(steps)"))
      if case .permitted(let permit) = try await store.reserve(policy.reservation(for: attempt)).result {
        _ = try await store.consume(policy.oneTimeUse(for: attempt, permit.reservation))
      }
    default: break
    }
  }

  /// Asks for a message, and for the one after it.
  private mutating func look(at intent: SendIntent) async throws {
    let request = policy.reservation(for: intent)
    let wait = try await store.wait(for: request)
    let (now, _) = later(.zero)
    let decision = try await now.reserve(request)
    switch decision.result {
    case .permitted(let permit):
      #expect(wait == .zero)
      _ = try await now.commit(permit.reservation, answer: [1], wasSent: true)
      var again = intent
      again = SendIntent(
        number: again.number, visitor: again.visitor, resendOf: again.resendOf ?? Keys.key("attempt of it"),
        passedChallenge: again.passedChallenge, proof: again.proof)
      let next = policy.reservation(for: again)
      try await check(next, permit.next, in: now, "next of \(intent)")
    case .refused(let refusal):
      for reason in refusal.reasons { told[reason.id, default: 0] += 1 }
      // With the challenge at once, and without when it says.
      #expect(wait == (refusal.challenge == nil ? refusal.retryAfter : .zero))
      guard refusal.isPromised else { return }
      try await check(
        request, refusal.retryAfter, isSolving: refusal.challenge == nil, in: store, "\(refusal) of \(intent)")
    case .replayed: try await check(request, wait, in: store, "an answer to \(intent)")
    case .consumed: Issue.record("consumed")
    }
  }

  private mutating func check(
    _ request: ReservationRequest, _ wait: Duration?, isSolving: Bool = true, in store: MemoryStore,
    _ what: @autoclosure () -> String
  ) async throws {
    guard let wait else { return }
    if wait > .zero {
      waits += 1
      let milliseconds = Int(wait / .milliseconds(1))
      var early = [1, 1000, draw(milliseconds) + 1, draw(milliseconds) + 1, draw(milliseconds) + 1]
      early.removeAll { $0 > milliseconds }
      for early in early {
        let isAdmitted = try await passes(
          request, isSolving: isSolving, in: store, after: wait - .milliseconds(early))
        #expect(!isAdmitted, "step \(steps): \(early) ms before \(wait), \(what())")
      }
    }
    let isAdmitted = try await passes(request, isSolving: isSolving, in: store, after: wait)
    #expect(isAdmitted, "step \(steps): after \(wait), \(what())")
  }

  /// - Parameter isSolving: whether it is enough that it would pass with what is asked for.
  private func passes(
    _ request: ReservationRequest, isSolving: Bool, in store: MemoryStore, after time: Duration
  ) async throws -> Bool {
    switch try await later(time, store).store.reserve(request).result {
    case .permitted: true
    case .refused(let refusal): isSolving && refusal.challenge != nil
    case .replayed, .consumed: false
    }
  }

  private func later(_ time: Duration, _ store: MemoryStore? = nil) -> (store: MemoryStore, clock: ManualClock) {
    let now = clock.now()
    let clock = ManualClock(boot: String(decoding: now.boot, as: UTF8.self), sinceBoot: now.sinceBoot, wall: now.wall)
    clock.advance(time)
    return ((store ?? self.store).copy { clock.now() }, clock)
  }
}
