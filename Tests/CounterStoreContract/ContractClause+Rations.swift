import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  /// A prefix of which ten a day may stay unverified, two at once; judged at once.
  private static var policy: LimitsPolicy {
    var policy = only([.prefix4Ration: Limit(10, per: day)])
    policy.grace = .zero
    policy.runningLife = .seconds(1)
    return policy
  }

  /// What one of the ration takes to drip away.
  private static let drop: Duration = day / 8

  private static func send(_ index: Int, prefix: Int = 0) -> SendIntent {
    Keys.send("43660\(10 + prefix)\(1000 + index)", by: "visitor \(index)")
  }

  @discardableResult
  private static func enterPIN(
    _ index: Int, in store: any CounterStore, by policy: LimitsPolicy = policy
  ) async throws -> Settlement {
    try await store.enterPIN(of: send(index), named: "\(index)", by: policy)
  }

  /// Ranges of which hardly any message is verified.
  static let rations = [
    ContractClause("a range has a ration, told once, that trickles on, and no other range is any the worse") {
      fixture in
      let store = try fixture.open()
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: send(index))) }
      let more = policy.reservation(for: send(2))
      let decision = try await store.reserve(more)
      guard case .refused(let refusal) = decision.result else { throw StoreFailure(.unavailable, "not refused") }
      #expect(refusal.reasons.map(\.id) == [.prefix4Ration] && refusal.challenge == nil)
      #expect(
        decision.notices == [
          .rationBegan(
            .prefix4Ration, more.rations[0].key, RationFigures(sends: 2, verified: 0, perDay: 10))
        ])
      #expect(try await store.reserve(more).notices == [])
      _ = try await store.admit(policy.reservation(for: send(3, prefix: 1)))
      // To the millisecond.
      let wait = try #require(refusal.retryAfter)
      #expect(wait == .milliseconds(1))
      fixture.clock.advance(wait)
      _ = try await store.admit(more)
      #expect(try await store.refuse(policy.reservation(for: send(4))).retryAfter == drop)
      fixture.clock.advance(drop - .milliseconds(1))
      #expect(try await store.refuse(policy.reservation(for: send(4))).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.reservation(for: send(4)))
      _ = try await store.refuse(policy.reservation(for: send(5)))
    },
    ContractClause(
      "a success gives a message back at once, in every process, and half of another one, and credit for one more"
    ) { fixture in
      let (store, other) = (try fixture.open(), try fixture.open())
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: send(index))) }
      _ = try await store.refuse(policy.reservation(for: send(9)))
      #expect(try await enterPIN(0, in: other).isDone)
      for index in 2..<5 { _ = try await store.admit(policy.reservation(for: send(index))) }
      _ = try await store.refuse(policy.reservation(for: send(5)))
      let count = try await other.show([], rations: policy.rations(of: send(0).number))
      #expect(count.map(\.count) == [4] && count.map(\.limit) == [3])
    },
    ContractClause("a number gives credit once in three days, however often it is verified") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.trustedLife = .zero
      for round in 0..<3 {
        _ = try await store.admit(policy.reservation(for: send(0)))
        let attempt = Keys.attempt("43660101000", by: "visitor 0", attempt: "\(round)")
        let tried = try await store.admit(policy.reservation(for: attempt))
        #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
        fixture.clock.advance(.seconds(1))
      }
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.limit) == [2 + 1])
      fixture.clock.advance(.seconds(3 * 86_400))
      _ = try await store.admit(policy.reservation(for: send(0)))
      let attempt = Keys.attempt("43660101000", by: "visitor 0", attempt: "last")
      let tried = try await store.admit(policy.reservation(for: attempt))
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.limit) == [2 + 1 + 1])
    },
    ContractClause("messages younger than the time that a PIN takes to be typed are not judged") { fixture in
      let store = try fixture.open()
      var patient = policy
      patient.grace = .seconds(180)
      for index in 0..<9 { _ = try await store.admit(patient.reservation(for: send(index))) }
      fixture.clock.advance(.milliseconds(179_999))
      _ = try await store.admit(patient.reservation(for: send(9)))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.refuse(patient.reservation(for: send(10)))
      // All of them verify, if late: what was refused is admitted.
      for index in 0..<10 { #expect(try await enterPIN(index, in: store, by: patient).isDone) }
      _ = try await store.admit(patient.reservation(for: send(10)))
    },
    ContractClause("a burst of messages that are not judged yet is no larger than the ration") { fixture in
      let store = try fixture.open()
      var patient = policy
      patient.grace = .seconds(180)
      for index in 0..<10 { _ = try await store.admit(patient.reservation(for: send(index))) }
      _ = try await store.refuse(patient.reservation(for: send(10)))
    },
    ContractClause("the wait for a ration knows the messages that are not judged yet") { fixture in
      let store = try fixture.open()
      var patient = policy
      patient.grace = .seconds(180)
      for index in 0..<3 { _ = try await store.admit(patient.reservation(for: send(index))) }
      fixture.clock.advance(.seconds(180))
      let wait = try #require(try await store.refuse(patient.reservation(for: send(9))).retryAfter)
      fixture.clock.advance(wait - .milliseconds(1))
      _ = try await store.refuse(patient.reservation(for: send(9)))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(patient.reservation(for: send(9)))
    },
    ContractClause("what was not sent, or nobody knows whether, is nobody's failure") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.limits[.netDay] = Limit(2, per: day)
      policy.limits[.addressHour] = Limit(2, per: .seconds(3600))
      policy.limits[.siteDay] = Limit(100, per: day)
      for index in 0..<8 {
        let intent = SendIntent(number: send(index).number, visitor: Keys.visitor("one"))
        let reservation = try await store.admit(policy.reservation(for: intent)).reservation
        let settlement =
          index % 2 == 0
          ? try await store.commit(reservation, answer: [1], wasSent: false) : try await store.release(reservation)
        #expect(settlement.isDone)
      }
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.count) == [0])
      // The budget pays for what may have been sent.
      #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [4])
    },
    ContractClause("a ration ends when half of what there may be is there, an hour after it began, and is told once") {
      fixture in
      let store = try fixture.open()
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: send(index))) }
      _ = try await store.refuse(policy.reservation(for: send(2)))
      #expect(try await enterPIN(0, in: store).notices == [])
      fixture.clock.advance(.seconds(3600))
      let key = policy.rations(of: send(0).number)[0].key
      #expect(
        try await enterPIN(1, in: store).notices == [
          .rationEnded(
            .prefix4Ration, key, RationFigures(sends: 0, verified: 1, perDay: 10), after: .seconds(3600))
        ])
      #expect(try await store.reserve(policy.reservation(for: send(3))).notices == [])
    },
    ContractClause("the successes in a trusted browser, whose messages no range counts, give back nothing") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.runningLife = .milliseconds(1)
      for index in 0..<5 { try await verify(store, policy, by: "owner", attempt: "owner \(index)") }
      // The first was a stranger's.
      #expect(
        try await store.show([], rations: policy.rations(of: Keys.number("436601234567"))).map(\.limit) == [2 + 1])
    },
    ContractClause("while watching, a ration is told and refuses nothing") { fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      for index in 0..<2 { _ = try await store.admit(watching.reservation(for: send(index))) }
      let decision = try await store.reserve(watching.reservation(for: send(2)))
      guard case .permitted(let permit) = decision.result else { throw StoreFailure(.unavailable, "not admitted") }
      #expect(permit.wouldRefuse?.reasons.map(\.id) == [.prefix4Ration])
      #expect(decision.notices.count == 1)
    },
    ContractClause("the owner sees what is rationed, opens it for a time, and clears it") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.limits[.siteDay] = Limit(1000, per: day)
      policy.sharesBudget = true
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: send(index))) }
      _ = try await store.refuse(policy.reservation(for: send(2)))
      let share = try #require(policy.share(ofSite: Keys.site))
      let listed = try await store.overview(of: share, by: policy)
      #expect(listed.ranges.map(\.id) == [.prefix4Ration] && listed.ranges.allSatisfy(\.isRationed))
      #expect(listed.ranges[0].sends == 2 && listed.ranges[0].nets.count == 2)
      #expect(listed.toStrangers == 2 && listed.asking == 2 && listed.nets.count == 2)
      let ration = policy.rations(of: send(0).number)[0]
      try await store.open(ration, for: .seconds(3600))
      for index in 3..<9 { _ = try await store.admit(policy.reservation(for: send(index))) }
      #expect(try await store.overview(of: share, by: policy).ranges[0].openFor == .seconds(3600))
      fixture.clock.advance(.seconds(3600))
      // What was sent meanwhile keeps nobody out.
      for index in 9..<11 { _ = try await store.admit(policy.reservation(for: send(index))) }
      #expect(try await store.refuse(policy.reservation(for: send(11))).retryAfter == .milliseconds(1))
      // To take back what is over changes nothing.
      try await store.open(ration, for: .zero)
      _ = try await store.refuse(policy.reservation(for: send(11)))
      try await store.clear([], rations: [ration])
      _ = try await store.admit(policy.reservation(for: send(11)))
    },
    ContractClause("what was sent while watching keeps nobody out of a range once limits are enforced") { fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      for index in 0..<20 { _ = try await store.admit(watching.reservation(for: send(index))) }
      #expect(try await store.refuse(policy.reservation(for: send(20))).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.reservation(for: send(20)))
      #expect(try await store.refuse(policy.reservation(for: send(21))).retryAfter == drop)
    },
    ContractClause("what is refused by another limit while watching is not held against the range, either") {
      fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      watching.grace = .seconds(180)
      watching.limits[.prefix4Hour] = Limit(3, per: .seconds(3600))
      // None of them is old enough to be judged, and three would have been sent.
      for index in 0..<20 { _ = try await store.admit(watching.reservation(for: send(index))) }
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.count) == [3])
    },
    ContractClause("a range that is full of messages that it had credit for is not shut when the credit is gone") {
      fixture in
      let store = try fixture.open()
      for index in 0..<10 {
        _ = try await store.admit(policy.reservation(for: send(index)))
        #expect(try await enterPIN(index, in: store).isDone)
      }
      // Two and ten.
      for index in 100..<112 { _ = try await store.admit(policy.reservation(for: send(index))) }
      _ = try await store.refuse(policy.reservation(for: send(112)))
      for index in 0..<30 {
        fixture.clock.advance(drop)
        _ = try await store.admit(policy.reservation(for: send(200 + index)))
      }
    },
    ContractClause("a range has the name of its prefix by four digits, also where that has no ration") { fixture in
      let store = try fixture.open()
      var policy = only([.prefix6Ration: Limit(5, per: day), .siteDay: Limit(1000, per: day)])
      policy.grace = .zero
      policy.sharesBudget = true
      _ = try await store.admit(policy.reservation(for: send(0)))
      _ = try await store.refuse(policy.reservation(for: send(1)))
      let share = try #require(policy.share(ofSite: Keys.site))
      let ranges = try await store.overview(of: share, by: policy).ranges
      #expect(ranges.map(\.id) == [.prefix6Ration] && ranges.map(\.prefix4) == [send(0).number.prefix4])
    },
  ]
}
