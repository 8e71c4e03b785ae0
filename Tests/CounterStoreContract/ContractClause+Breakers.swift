import Limits
import Testing

extension ContractClause {
  private static var policy: LimitsPolicy {
    var policy = only([.siteDay: plenty])
    policy.conversion = .init(grace: .zero)
    policy.runningLife = .seconds(1)
    return policy
  }

  private static let more = Keys.send("436601000999", by: "more")

  /// - Returns: the reservations of the sends, none of which is finished.
  @discardableResult
  private static func send(
    _ count: Int, verifying verified: Int, in store: any CounterStore & StoreAdmin, name: String = "first",
    by policy: LimitsPolicy = policy
  ) async throws -> [Reservation] {
    var reservations: [Reservation] = []
    for index in 0..<count {
      reservations.append(
        try await store.admit(policy.reservation(for: Keys.send(digits(index), by: "\(name) \(index)"))).reservation)
      if index < verified { #expect(try await enterPIN(index, in: store, name: name, by: policy).isDone) }
    }
    return reservations
  }

  private static func digits(_ index: Int) -> String { "43660\(1_000_000 + index)" }

  private static func enterPIN(
    _ index: Int, in store: any CounterStore & StoreAdmin, name: String = "first", by policy: LimitsPolicy = policy
  ) async throws -> Settlement {
    let attempt = Keys.attempt(digits(index), by: "\(name) \(index)", attempt: "\(name) \(index)")
    let tried = try await store.admit(policy.reservation(for: attempt))
    return try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation))
  }

  /// The breakers that closed again.
  private static func closed(_ settlement: Settlement) -> [LimitID] {
    settlement.notices.map { if case .breakerClosed(let row, _, _, _) = $0 { row } else { .siteDay } }
  }

  /// Prefixes and countries of which hardly any send is verified.
  static let breakers = [
    ContractClause("twenty sends with three successes close a prefix and a country, told once, for an hour") {
      fixture in
      let store = try fixture.open()
      try await send(20, verifying: 3, in: store)
      let more = policy.reservation(for: Keys.send("436601000999", by: "more"))
      let decision = try await store.reserve(more)
      guard case .refused(let refusal) = decision.result else { throw StoreFailure(.unavailable, "not refused") }
      #expect(refusal.retryAfter == .seconds(3600))
      #expect(Set(refusal.reasons.map(\.id)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
      #expect(
        decision.notices.contains(
          .breakerOpened(
            .countryConversion, Keys.number("436601000999").country, for: .seconds(3600), sends: 20, verified: 3)))
      #expect(try await store.reserve(more).notices == [])
      // Another country is open; another prefix of the same one is not.
      _ = try await store.admit(policy.reservation(for: Keys.send("491701234567", by: "more")))
      #expect(
        try await store.refuse(policy.reservation(for: Keys.send("436991234567", by: "more"))).reasons.map(\.id)
          == [.countryConversion])
      fixture.clock.advance(.seconds(3600) - .milliseconds(1))
      #expect(try await store.refuse(more).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(more)
    },
    ContractClause("twenty sends with four successes close nothing, nor do nineteen with none") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 4, in: store)
      _ = try await store.admit(policy.reservation(for: Keys.send("436601000999", by: "more")))
      fixture.clock.advance(.seconds(7200))
      try await send(19, verifying: 0, in: store, name: "second")
      _ = try await store.admit(policy.reservation(for: Keys.send("436601000999", by: "more")))
    },
    ContractClause("the successes in a trusted browser, whose sends do not count, do not count either") {
      fixture in
      let store = try fixture.open()
      var policy = policy
      policy.runningLife = .milliseconds(1)
      for index in 0..<31 { try await verify(store, policy, by: "owner", attempt: "owner \(index)") }
      // The first of the owner's sends was a stranger's.
      try await send(19, verifying: 0, in: store)
      let refusal = try await store.refuse(policy.reservation(for: Keys.send("436601000999", by: "more")))
      #expect(Set(refusal.reasons.map(\.id)) == [.prefix6Conversion, .countryConversion])
    },
    ContractClause("each closing within a day of the last is twice as long, up to a day") { fixture in
      let store = try fixture.open()
      for hours in [1, 2, 4, 8, 16, 24, 24] {
        try await send(20, verifying: 0, in: store)
        let refusal = try await store.refuse(policy.reservation(for: Keys.send("436601000999")))
        #expect(refusal.retryAfter == .seconds(3600 * hours))
        fixture.clock.advance(.seconds(3600 * hours))
      }
      fixture.clock.advance(.seconds(86_400))
      try await send(20, verifying: 0, in: store)
      #expect(try await store.refuse(policy.reservation(for: Keys.send("436601000999"))).retryAfter == .seconds(3600))
    },
    ContractClause("sends younger than the grace are not judged") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      var patient = policy
      patient.conversion?.grace = .seconds(120)
      fixture.clock.advance(.milliseconds(119_999))
      _ = try await store.admit(patient.reservation(for: Keys.send("436601000999")))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.refuse(patient.reservation(for: Keys.send("436601000999")))
    },
    ContractClause("by default, twenty visitors of one moment have three minutes to be verified in") { fixture in
      let store = try fixture.open()
      var usual = policy
      usual.conversion = .init()
      try await send(20, verifying: 0, in: store, by: usual)
      fixture.clock.advance(.milliseconds(179_999))
      _ = try await store.admit(usual.reservation(for: more))
      fixture.clock.advance(.milliseconds(1))
      let refusal = try await store.refuse(usual.reservation(for: Keys.send("436601000998", by: "late")))
      #expect(Set(refusal.reasons.map(\.id)) == [.prefix6Conversion, .countryConversion, .prefix4Conversion])
    },
    ContractClause("sends of which nobody knows whether they were sent close nothing, and stay in the budget") {
      fixture in
      let store = try fixture.open()
      let breakers = policy.breakers(of: more.number)
      for reservation in try await send(19, verifying: 0, in: store) {
        #expect(try await store.commit(reservation, answer: [1], wasSent: false).isDone)
      }
      #expect(try await store.show(policy.rulesOfSite(), breakers: breakers).map(\.count) == [19, 0, 0, 0])
      for reservation in try await send(19, verifying: 0, in: store, name: "second") {
        #expect(try await store.commit(reservation, answer: [1], wasSent: true).isDone)
        // Once it has ended, it is what it is.
        #expect(try await store.commit(reservation, answer: [1], wasSent: false) == Settlement(isDone: false))
      }
      #expect(try await store.show(policy.rulesOfSite(), breakers: breakers).map(\.count) == [38, 19, 19, 19])
      _ = try await store.admit(policy.reservation(for: more))
      _ = try await store.refuse(policy.reservation(for: Keys.send("436601000998", by: "late")))
    },
    ContractClause("what was closed for sends that turn out to be lost, or given back, is open again at once") {
      fixture in
      for releases in [false, true] {
        let store = try fixture.open()
        let reservations = try await send(20, verifying: 0, in: store)
        _ = try await store.refuse(policy.reservation(for: more))
        let first = reservations[0]
        let settlement =
          releases ? try await store.release(first) : try await store.commit(first, answer: [1], wasSent: false)
        #expect(Set(closed(settlement)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
        #expect(settlement.isDone)
        #expect(
          settlement.notices.contains(.breakerClosed(.countryConversion, more.number.country, sends: 19, verified: 0)))
        try await store.release(try await store.admit(policy.reservation(for: more)).reservation)
        try await store.clear([], breakers: policy.breakers(of: more.number))
      }
    },
    ContractClause("a success that brings the rate back opens what was closed, tells it once, and in every process") {
      fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      try await send(20, verifying: 3, in: store)
      _ = try await store.refuse(policy.reservation(for: more))
      let settlement = try await enterPIN(3, in: other)
      #expect(
        settlement.notices.contains(.breakerClosed(.countryConversion, more.number.country, sends: 20, verified: 4)))
      #expect(Set(closed(settlement)) == [.prefix4Conversion, .prefix6Conversion, .countryConversion])
      #expect(try await enterPIN(4, in: store).notices == [])
      #expect(try await store.admit(policy.reservation(for: more)).wouldRefuse == nil)
      #expect(
        try await other.show([], breakers: policy.breakers(of: more.number)).allSatisfy { $0.wait == .zero })
    },
    ContractClause("a success whose send was taken out, because nobody knew of it, stands for no other send") {
      fixture in
      let store = try fixture.open()
      for reservation in try await send(5, verifying: 0, in: store, name: "lost") {
        #expect(try await store.commit(reservation, answer: [1], wasSent: false).isDone)
      }
      for index in 0..<5 { #expect(try await enterPIN(index, in: store, name: "lost").isDone) }
      try await send(20, verifying: 3, in: store)
      _ = try await store.refuse(policy.reservation(for: more))
    },
    ContractClause("successes that outlast their sends in the window take no later success' place") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      fixture.clock.advance(.seconds(300))
      for index in 0..<20 { #expect(try await enterPIN(index, in: store).isDone) }
      fixture.clock.advance(.seconds(3300))
      // Those of before are counted still.
      try await send(20, verifying: 20, in: store, name: "second")
      fixture.clock.advance(.seconds(300))
      _ = try await store.admit(policy.reservation(for: more))
    },
    ContractClause("twenty of twenty verified, after they were too quick: the next is admitted") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      _ = try await store.refuse(policy.reservation(for: more))
      for index in 0..<20 { #expect(try await enterPIN(index, in: store).isDone) }
      _ = try await store.admit(policy.reservation(for: more))
    },
    ContractClause("a closing that a success has taken back does not make the next one longer; the one before it does")
    {
      fixture in
      let store = try fixture.open()
      try await send(20, verifying: 3, in: store)
      _ = try await store.refuse(policy.reservation(for: more))
      #expect(try await closed(enterPIN(3, in: store)).count == 3)
      try await send(1, verifying: 0, in: store, name: "second")
      #expect(try await store.refuse(policy.reservation(for: more)).retryAfter == .seconds(3600))
      fixture.clock.advance(.seconds(3600))
      try await send(20, verifying: 0, in: store, name: "third")
      #expect(try await store.refuse(policy.reservation(for: more)).retryAfter == .seconds(7200))
    },
    ContractClause("one success opens nothing when what it was closed for has left the window") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.conversion?.window = .seconds(60)
      try await send(20, verifying: 0, in: store, by: policy)
      _ = try await store.refuse(policy.reservation(for: more))
      fixture.clock.advance(.seconds(600))
      for index in 0..<3 { #expect(try await enterPIN(index, in: store, by: policy).notices == []) }
      // Nor does it when the owner has looked meanwhile.
      #expect(
        try await store.show([], breakers: policy.breakers(of: more.number)).allSatisfy {
          $0.wait == .seconds(3000)
        })
      _ = try await store.refuse(policy.reservation(for: more))
      #expect(Set(closed(try await enterPIN(3, in: store, by: policy))).count == 3)
    },
    ContractClause("while watching, a breaker tells that it opens, and refuses nothing") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      var watching = policy
      watching.mode = .watch
      let decision = try await store.reserve(watching.reservation(for: Keys.send("436601000999")))
      guard case .permitted(let permit) = decision.result else { throw StoreFailure(.unavailable, "not admitted") }
      #expect(permit.wouldRefuse?.retryAfter == .seconds(3600))
      #expect(decision.notices.count == 3)
    },
    ContractClause("the owner sees an open breaker and closes it") { fixture in
      let store = try fixture.open()
      try await send(20, verifying: 0, in: store)
      let more = Keys.send("436601000999")
      _ = try await store.refuse(policy.reservation(for: more))
      let breakers = policy.breakers(of: more.number)
      #expect(
        try await store.show([], breakers: breakers).allSatisfy { $0.count == 20 && $0.wait == .seconds(3600) })
      try await store.clear([], breakers: breakers)
      _ = try await store.admit(policy.reservation(for: more))
    },
  ]
}
