import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  private static func send(_ index: Int, resent: Bool = false, passed: Int = 0) -> SendIntent {
    SendIntent(
      number: Keys.number("4366010\(1000 + index)"), visitor: Keys.visitor("visitor \(index)"),
      resendOf: resent ? Keys.key("attempt \(index)") : nil, passedChallenge: passed)
  }

  /// Whatever can stand in the way of a message.
  private static var policies: [(LimitID, LimitsPolicy)] {
    func policy(_ id: LimitID, _ limits: [LimitID: Limit], _ change: (inout LimitsPolicy) -> Void = { _ in })
      -> (LimitID, LimitsPolicy)
    {
      var policy = only(limits)
      policy.grace = .zero
      policy.runningLife = .milliseconds(1)
      change(&policy)
      return (id, policy)
    }
    return [
      policy(.prefix4Ration, [.prefix4Ration: Limit(20, per: day)]),
      policy(.prefix4Ration, [.prefix4Ration: Limit(20, per: day), .attemptResends: plenty]),
      policy(.siteDay, [.siteDay: Limit(30, per: day)]),
      policy(.sitePace, [.siteDay: Limit(100, per: day)]) {
        ($0.sharesBudget, $0.challenge) = (true, true)
      },
      policy(.siteShare, [.siteDay: Limit(100, per: day)]) { $0.sharesBudget = true },
      policy(.siteHour, [.siteDay: Limit(1000, per: day), .siteHour: Limit(20, per: .seconds(3600))]) {
        $0.sharesBudget = true
      },
    ]
  }

  private static func watching(_ policy: LimitsPolicy) -> LimitsPolicy {
    var policy = policy
    policy.mode = .watch
    return policy
  }

  /// How long it takes is told truly.
  static let waits = [
    ContractClause(
      "the wait for a message is what its refusal tells, whatever stands in the way, and to ask for it changes nothing"
    ) {
      fixture in
      let store = try fixture.open()
      for (id, policy) in policies {
        // Each with counters of its own.
        fixture.clock.advance(day * 30)
        for index in 0..<60 {
          _ = try await store.reserve(policy.reservation(for: send(index, passed: Refusal.mostRounds)))
        }
        let share = policy.share(ofSite: Keys.site)
        var reasons: Set<LimitID> = []
        for index in 100..<110 {
          let request = policy.reservation(for: send(index, passed: Refusal.mostRounds))
          let refusal = try await store.refuse(request)
          reasons.formUnion(refusal.reasons.map(\.id))
          let before = try await share.asyncMap { try await store.overview(of: $0, by: policy) }
          #expect(try await store.wait(for: request) == refusal.retryAfter, "\(id)")
          #expect(try await share.asyncMap { try await store.overview(of: $0, by: policy) } == before)
        }
        #expect(reasons.contains(id), "\(id): \(reasons)")
      }
      // Nobody stands in the way of the first one of another prefix.
      let request = policies[0].1.reservation(for: Keys.send())
      #expect(try await store.wait(for: request) == .zero)
      let counts = try await store.show(request.rules + request.untrustedRules, rations: request.rations)
      #expect(counts.allSatisfy { $0.count == 0 })
    },
    ContractClause("a trusted browser waits for none of what others use up of its number") { fixture in
      let store = try fixture.open()
      var policy = only([
        .numberHour: Limit(2, per: .seconds(3600)), .prefix4Ration: Limit(5, per: day), .trustedHour: plenty,
      ])
      policy.grace = .zero
      policy.runningLife = .milliseconds(1)
      try await verify(store, policy, by: "owner", attempt: "owner")
      fixture.clock.advance(.seconds(3600))
      for index in 0..<9 {
        _ = try await store.reserve(policy.reservation(for: Keys.send(by: "stranger \(index)")))
      }
      #expect(try await store.wait(for: policy.reservation(for: Keys.send(by: "other"))) != .zero)
      #expect(try await store.wait(for: policy.reservation(for: Keys.send(by: "owner"))) == .zero)
    },
    ContractClause("who goes first again before a ration has room is told of that") { fixture in
      let store = try fixture.open()
      var policy = only([.prefix4Ration: Limit(1, per: .days(3)), .trustedDay: Limit(2, per: day)])
      (policy.grace, policy.runningLife) = (.zero, .milliseconds(1))
      for name in ["one", "two"] {
        try await verify(store, policy, by: name, attempt: name)
        fixture.clock.advance(.seconds(1))
      }
      for index in 0..<9 {
        _ = try await store.reserve(policy.reservation(for: Keys.send("43660123000\(index)", by: "stranger \(index)")))
      }
      // One more, which takes three days to drip away.
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.reservation(for: Keys.send("436601230009", by: "stranger 9")))
      for _ in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.send(by: "one"))) }
      // Of what goes first the first browser has had everything.
      let request = policy.reservation(for: Keys.send(by: "two"))
      let refusal = try await store.refuse(request)
      #expect(refusal.reasons.map(\.id) == [.prefix4Ration] && refusal.retryAfter == day)
      fixture.clock.advance(day - .milliseconds(1))
      #expect(try await store.refuse(request).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(request)
    },
    ContractClause("while a net has second chances nobody waits for its day") { fixture in
      let store = try fixture.open()
      var policy = only([.netDay: Limit(1, per: day), .siteDay: plenty])
      policy.sharesBudget = true
      let request = policy.reservation(for: send(0))
      // The last of the three chances is for somebody who has had nothing yet, and not for what is sent again until one is back.
      for isLast in [false, false, true] {
        #expect(try await store.wait(for: request) == .zero)
        #expect(try await store.admit(request).next == (isLast ? day / 3 : .zero))
      }
      _ = try await store.admit(request)
      #expect(try await store.wait(for: request) == day)
    },
    ContractClause("the time for the next message is true where a ration or the pace stands in its way") { fixture in
      let store = try fixture.open()
      for (id, policy) in policies where [.prefix4Ration, .sitePace, .siteHour].contains(id) {
        fixture.clock.advance(day * 30)
        var last: (index: Int, next: Duration)?
        for index in 0..<60 {
          let request = policy.reservation(for: send(index, passed: Refusal.mostRounds))
          guard case .permitted(let permit) = try await store.reserve(request).result else { break }
          last = try (index, #require(permit.next))
        }
        let (index, next) = try #require(last)
        #expect(next > .zero, "\(id)")
        let again = policy.reservation(for: send(index, resent: true, passed: Refusal.mostRounds))
        #expect(try await store.wait(for: again) == next, "\(id)")
        fixture.clock.advance(next - .milliseconds(1))
        #expect(try await store.refuse(again).retryAfter == .milliseconds(1), "\(id)")
        fixture.clock.advance(.milliseconds(1))
        _ = try await store.admit(again)
      }
    },
    ContractClause("who has to wait for something else is told of a ration that is used up by then") { fixture in
      let store = try fixture.open()
      var policy = only([.prefix4Ration: Limit(20, per: day), .addressMinute: Limit(1, per: .seconds(60))])
      policy.grace = .seconds(30)
      policy.runningLife = .milliseconds(1)
      for index in 0..<19 { _ = try await store.admit(policy.reservation(for: send(index))) }
      let request = policy.reservation(for: send(0))
      let refusal = try await store.refuse(request)
      let wait = try #require(refusal.retryAfter)
      #expect(refusal.reasons.map(\.id) == [.prefix4Ration, .addressMinute])
      fixture.clock.advance(wait - .milliseconds(1))
      #expect(try await store.refuse(request).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(request)
    },
    ContractClause(
      "whoever is kept from the rest of an hour is told of the day, and of the pace, where those are longer in the way"
    ) {
      fixture in
      let store = try fixture.open()
      var day = only([.siteHour: Limit(20, per: .seconds(3600)), .siteDay: Limit(20, per: Self.day)])
      (day.sharesBudget, day.challenge) = (true, true)
      // Of the hour and the day one message is left, which is not for strangers.
      for index in 0..<19 { _ = try await store.reserve(watching(day).reservation(for: send(index))) }
      #expect(try await store.refuse(day.reservation(for: send(20))).retryAfter == Self.day)
      fixture.clock.advance(Self.day * 30)
      var pace = only([.siteHour: Limit(20, per: .seconds(3600)), .siteDay: Limit(40, per: Self.day)])
      pace.sharesBudget = true
      for index in 0..<19 { _ = try await store.reserve(watching(pace).reservation(for: send(index))) }
      // The last but one of the quarter that there is at once has to drip away; that comes after the hour for a debtor.
      let refusal = try await store.refuse(pace.reservation(for: send(0)))
      #expect(refusal.reasons.map(\.id) == [.sitePace, .siteHour] && refusal.retryAfter == Self.day / 40 * 6)
    },
    ContractClause("while watching only the answer to an earlier message is waited for") { fixture in
      let store = try fixture.open()
      var policy = only([
        .numberHour: Limit(1, per: .seconds(3600)), .numberDay: Limit(9, per: day), .prefix4Ration: Limit(5, per: day),
        .addressHour: Limit(1, per: .seconds(3600)),
      ])
      (policy.cooldowns, policy.resendCooldowns) = ([.seconds(60)], [.seconds(30)])
      (policy.grace, policy.mode) = (.zero, .watch)
      #expect(try await store.admit(policy.reservation(for: send(0))).next == .seconds(30))
      #expect(try await store.wait(for: policy.reservation(for: send(0))) == .seconds(60))
      #expect(try await store.wait(for: policy.reservation(for: send(0, resent: true))) == .seconds(30))
      #expect(try await store.wait(for: policy.reservation(for: send(1))) == .zero)
    },
  ]
}

extension Optional {
  fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
    if let self { try await body(self) } else { nil }
  }
}
