import Testing
import Verification

extension ContractClause {
  private static var policy: LimitsPolicy {
    var policy = only([.siteDay: plenty])
    policy.conversion = .init()
    policy.runningLife = .seconds(1)
    return policy
  }

  private static func send(
    _ count: Int, verifying verified: Int, in store: any CounterStore, name: String = "first"
  ) async throws {
    for index in 0..<count {
      let digits = "43660\(1_000_000 + index)"
      _ = try await store.admit(policy.charge(for: Keys.send(digits, by: "\(name) \(index)")))
      guard index < verified else { continue }
      let attempt = Keys.attempt(digits, by: "\(name) \(index)", attempt: "\(name) \(index)")
      let tried = try await store.admit(policy.charge(for: attempt))
      #expect(try await store.claim(policy.claim(for: attempt, tried.receipt)))
    }
  }

  /// Prefixes and countries of which hardly any send is verified.
  static let guards = [
    ContractClause("twenty sends with three successes close a prefix and a country, told once, for an hour") {
      fixture in
      let store = try fixture.open()
      try await send(20, verifying: 3, in: store)
      let more = policy.charge(for: Keys.send("436601000999", by: "more"))
      let decision = try await store.charge(more)
      guard case .refused(let refusal) = decision.verdict else { throw StoreFailure(.unavailable, "not refused") }
      #expect(refusal.retryAfter == .seconds(3600))
      #expect(Set(refusal.reasons.map(\.row)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
      #expect(
        decision.notices.contains(
          .closed(
            .countryConversion, Keys.number("436601000999").country, for: .seconds(3600), sends: 20, verified: 3)))
      #expect(try await store.charge(more).notices == [])
      // Another country is open; another prefix of the same one is not.
      _ = try await store.admit(policy.charge(for: Keys.send("491701234567", by: "more")))
      #expect(
        try await store.refuse(policy.charge(for: Keys.send("436991234567", by: "more"))).reasons.map(\.row)
          == [.countryConversion])
      fixture.clock.advance(.seconds(3600) - .milliseconds(1))
      #expect(try await store.refuse(more).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(more)
    },
    ContractClause("twenty sends with four successes close nothing, nor do nineteen with none") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 4, in: store)
      _ = try await store.admit(policy.charge(for: Keys.send("436601000999", by: "more")))
      fixture.clock.advance(.seconds(7200))
      try await send(19, verifying: 0, in: store, name: "second")
      _ = try await store.admit(policy.charge(for: Keys.send("436601000999", by: "more")))
    },
    ContractClause("the successes of a number that is known, whose sends do not count, do not count either") {
      fixture in
      let store = try fixture.open()
      var policy = policy
      policy.runningLife = .milliseconds(1)
      for index in 0..<31 { try await verify(store, policy, by: "owner", attempt: "owner \(index)") }
      // The first of the owner's sends was a stranger's.
      try await send(19, verifying: 0, in: store)
      let refusal = try await store.refuse(policy.charge(for: Keys.send("436601000999", by: "more")))
      #expect(Set(refusal.reasons.map(\.row)) == [.prefix6Conversion, .countryConversion])
    },
    ContractClause("each closing within a day of the last is twice as long, up to a day") { fixture in
      let store = try fixture.open()
      for hours in [1, 2, 4, 8, 16, 24, 24] {
        try await send(20, verifying: 0, in: store)
        let refusal = try await store.refuse(policy.charge(for: Keys.send("436601000999")))
        #expect(refusal.retryAfter == .seconds(3600 * hours))
        fixture.clock.advance(.seconds(3600 * hours))
      }
      fixture.clock.advance(.seconds(86_400))
      try await send(20, verifying: 0, in: store)
      #expect(try await store.refuse(policy.charge(for: Keys.send("436601000999"))).retryAfter == .seconds(3600))
    },
    ContractClause("sends younger than the grace are not judged") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      var patient = policy
      patient.conversion?.grace = .seconds(120)
      fixture.clock.advance(.milliseconds(119_999))
      _ = try await store.admit(patient.charge(for: Keys.send("436601000999")))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.refuse(patient.charge(for: Keys.send("436601000999")))
    },
    ContractClause("while watching, a guard tells that it closes, and refuses nothing") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      var watching = policy
      watching.mode = .watch
      let decision = try await store.charge(watching.charge(for: Keys.send("436601000999")))
      guard case .admitted(let admission) = decision.verdict else { throw StoreFailure(.unavailable, "not admitted") }
      #expect(admission.wouldRefuse?.retryAfter == .seconds(3600))
      #expect(decision.notices.count == 3)
    },
    ContractClause("the owner sees a closed guard and opens it") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      let more = Keys.send("436601000999")
      _ = try await store.refuse(policy.charge(for: more))
      let guards = policy.guards(of: more.number)
      #expect(try await store.counts(of: [], guards: guards).allSatisfy { $0.count == 20 && $0.wait == .seconds(3600) })
      try await store.clear([], guards: guards)
      _ = try await store.admit(policy.charge(for: more))
    },
  ]
}
