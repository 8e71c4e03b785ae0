import Limits

/// Comes to a store again and again, each time as somebody else.
struct Visitor: Sendable {
  enum Task: String, Sendable {
    case decision
    case register
    case visit
  }

  let store: any CounterStore
  let task: Task
  private let policy = LimitsPolicy.outOfReach

  init(store: any CounterStore, task: Task) {
    self.store = store
    self.task = task
  }

  /// Once, in no measured time.
  func comeOnce() async throws {
    guard try await operation() else { throw StoreFailure(.unsuitable, "a visitor was refused") }
  }

  /// - Returns: what was begun and ended within the time.
  func come(from start: ContinuousClock.Instant, until end: ContinuousClock.Instant) async -> Tally {
    var tally = Tally()
    while true {
      let began = ContinuousClock.now
      if began >= end { return tally }
      let isGood = (try? await operation()) ?? false  // a failure is counted, whatever its reason
      let now = ContinuousClock.now
      guard began >= start, now <= end else { continue }
      if isGood { tally.add(now - began) } else { tally.addFailure() }
    }
  }

  private func operation() async throws -> Bool {
    // Numbers of one country, and of a thousand times ten thousand: as the load on the whole program has them.
    let block = UInt64.random(in: 0..<1000)
    // What belongs to one number, or to one net, begins alike: see the program's `CounterKeys`.
    let place = UInt64.random(in: .min ... .max)
    let netPrefix = UInt64.random(in: .min ... .max)
    let number = NumberKeys(
      number: .random(at: place), prefix4: .of(block), prefix6: .of(1000 + block / 100), country: .of(2000),
      site: .of(3000))
    let visitor = VisitorKeys(
      address: .random(at: netPrefix), net: .random(at: netPrefix), browser: .random(at: netPrefix), hasCookie: false)
    let send = SendIntent(number: number, visitor: visitor)
    guard case .permitted(let permit) = try await store.reserve(policy.reservation(for: send)).result else {
      return false
    }
    if task == .decision { return true }
    let answer = [UInt8](repeating: 0x41, count: Self.answerLength)
    guard try await store.commit(permit.reservation, answer: answer, wasSent: true).isDone else { return false }
    if task == .register { return true }
    let attempt = TryIntent(number: number, visitor: visitor, attempt: .random(at: place), code: .random(at: place))
    guard case .permitted(let tried) = try await store.reserve(policy.reservation(for: attempt)).result else {
      return false
    }
    return try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone
  }

  /// As long as the answer that PinGate keeps of a send: the sealed attempt.
  private static let answerLength = 181
}

extension CounterKey {
  static func random(at place: UInt64) -> CounterKey { of(place, .random(in: .min ... .max)) }

  /// Sixteen bytes, as a keyed hash has them.
  static func of(_ first: UInt64, _ second: UInt64 = 0) -> CounterKey {
    CounterKey(
      [first, second].flatMap { word in
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
      })
  }
}

extension LimitsPolicy {
  /// All limits, none of which is reached; the cooldowns and the rations too.
  static var outOfReach: LimitsPolicy {
    LimitsPolicy(limits: defaults.mapValues { Limit(1_000_000, per: $0.window) })
  }
}
