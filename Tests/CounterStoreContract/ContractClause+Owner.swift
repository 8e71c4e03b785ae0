import Limits
import Testing

extension ContractClause {
  /// What the owner's commands need.
  static let owner = [
    ContractClause("a store that was closed refuses, and what it counted is there when it is opened anew") { fixture in
      let store = try fixture.open()
      let policy = only([.siteHour: Limit(1, per: .seconds(3600))])
      let request = policy.reservation(for: Keys.send())
      let reservation = try await store.admit(request).reservation
      for _ in 0..<2 { await store.close() }
      await #expect { _ = try await store.reserve(request) } throws: { ($0 as? StoreFailure)?.kind == .unavailable }
      await #expect { try await store.release(reservation) } throws: { ($0 as? StoreFailure)?.kind == .unavailable }
      _ = try await fixture.open().refuse(policy.reservation(for: Keys.send("436601234568", by: "berta")))
    },
    ContractClause("the owner sees counts and waits, and looking changes nothing") { fixture in
      let store = try fixture.open()
      var policy = only([.addressMinute: Limit(2, per: .seconds(60)), .netHour: plenty])
      policy.runningLife = .seconds(1)
      let rules = policy.rules(ofAddress: Keys.visitor("anna").address, net: Keys.visitor("anna").net)
      #expect(try await store.counts(of: rules).map(\.count) == [0, 0])
      for _ in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.send())) }
      fixture.clock.advance(.seconds(20))
      for _ in 0..<2 {
        #expect(
          try await store.counts(of: rules) == [
            Count(id: .addressMinute, count: 2, limit: 2, wait: .seconds(40)),
            Count(id: .netHour, count: 2, limit: 1_000_000, wait: .zero),
          ])
      }
    },
    ContractClause("what the owner clears is as if it had never been counted") { fixture in
      let store = try fixture.open()
      let policy = only([.addressMinute: Limit(1, per: .seconds(60)), .siteHour: plenty])
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      _ = try await store.refuse(policy.reservation(for: Keys.send()))
      try await store.clear(
        policy.rules(ofAddress: Keys.visitor("anna").address, net: Keys.visitor("anna").net), rations: [])
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [2])
    },
    ContractClause("what is rationed is told as it is at that moment, also where nobody asks any more") { fixture in
      let store = try fixture.open()
      let day: Duration = .seconds(86_400)
      var policy = only([.prefix4Ration: Limit(10, per: day), .siteDay: Limit(20, per: day)])
      (policy.grace, policy.sharesBudget) = (.zero, true)
      let share = try #require(policy.share(ofSite: Keys.site))
      for index in 0..<9 {
        _ = try await store.reserve(policy.reservation(for: Keys.send("43660123456\(index)", by: "\(index)")))
        _ = try await store.reserve(policy.reservation(for: Keys.send("4366012\(index)4567", by: "other \(index)")))
      }
      let before = try await store.overview(of: share, by: policy)
      #expect(before.ranges.map(\.isRationed) == [true] && before.rationedFor == .zero)
      fixture.clock.advance(.seconds(1800))
      #expect(try await store.overview(of: share, by: policy).ranges.map(\.isRationed) == [true])
      fixture.clock.advance(day)
      let after = try await store.overview(of: share, by: policy)
      #expect(after.ranges.map(\.isRationed) == [false] && after.rationedFor == nil)
      // One that is off is nothing.
      policy.limits[.prefix4Ration] = nil
      #expect(try await store.overview(of: share, by: policy).ranges.map(\.isRationed) == [false])
    },
    ContractClause("what the owner clears of an address has neither credit nor debt left, in its wide net either") {
      fixture in
      let store = try fixture.open()
      let day: Duration = .seconds(86_400)
      var policy = only([
        .netHour: Limit(5, per: .seconds(3600)), .wideNetDay: Limit(5, per: day), .siteDay: Limit(100, per: day),
      ])
      (policy.sharesBudget, policy.runningLife) = (true, .milliseconds(1))
      let visitor = VisitorKeys(
        address: Keys.key("address"), net: Keys.key("net"), wideNet: Keys.key("wide"), browser: Keys.key("browser"),
        hasCookie: false)
      let rules = policy.rules(ofAddress: visitor.address, net: visitor.net, wideNet: visitor.wideNet)
      let number = Keys.number("436601234567")
      let send = policy.reservation(for: SendIntent(number: number, visitor: visitor))
      for _ in 0..<3 { _ = try await store.admit(send) }
      let attempt = TryIntent(number: number, visitor: visitor, attempt: Keys.key("attempt"), code: Keys.key("code"))
      let tried = try await store.admit(policy.reservation(for: attempt))
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
      #expect(try await store.counts(of: rules).map(\.limit) == [5 + 3, 5 + 3])
      try await store.clear(rules, rations: [])
      #expect(
        try await store.counts(of: rules) == [
          Count(id: .netHour, count: 0, limit: 5, wait: .zero), Count(id: .wideNetDay, count: 0, limit: 5, wait: .zero),
        ])
      // It comes as a net of which nothing is known.
      let share = try #require(policy.share(ofSite: Keys.site))
      let before = try await store.overview(of: share, by: policy).toStrangers
      _ = try await store.admit(send)
      #expect(try await store.overview(of: share, by: policy).toStrangers == before + 1)
    },
    ContractClause("the owner finds the browsers that are trusted with a number, and clears a lock there") { fixture in
      let store = try fixture.open()
      let policy = only([.numberWrongTotal: plenty, .trustedWrongTotal: Limit(2, per: nil)])
      let number = Keys.number("436601234567").number
      #expect(try await store.browsers(trustedFor: number).isEmpty)
      try await verify(store, policy, by: "anna", attempt: "1")
      let browsers = try await store.browsers(trustedFor: number)
      #expect(browsers == [Keys.visitor("anna").browser])
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.attempt(attempt: "wrong \(index)"))) }
      let more = policy.reservation(for: Keys.attempt(attempt: "more"))
      #expect(try await store.refuse(more).retryAfter == nil)
      let rules = policy.rules(ofNumber: number, in: browsers)
      #expect(try await store.counts(of: rules).map(\.count) == [2])
      try await store.clear(rules, rations: [])
      _ = try await store.admit(more)
    },
    ContractClause("what was counted in a browser does not outlive the trust of the browser in the number") {
      fixture in
      let store = try fixture.open()
      var policy = only([.numberWrongTotal: plenty, .trustedWrongTotal: plenty])
      policy.runningLife = .milliseconds(1)
      let number = Keys.number("436601234567").number
      // One is pushed out by 16 others, and one is forgotten before its time is over.
      for name in ["first", "second"] {
        try await verify(store, policy, by: name, attempt: name)
        _ = try await store.admit(policy.reservation(for: Keys.attempt(by: name, attempt: "wrong")))
      }
      let rules = ["first", "second"].flatMap {
        policy.rules(ofNumber: number, in: [Keys.visitor($0).browser])
      }
      #expect(try await store.counts(of: rules).map(\.count) == [1, 1])
      for index in 0..<15 { try await verify(store, policy, by: "\(index)", attempt: "\(index)") }
      #expect(try await store.counts(of: rules).map(\.count) == [0, 1])
      fixture.clock.advance(policy.trustedLife)
      try await store.forget(number: number)
      #expect(try await store.counts(of: rules).map(\.count) == [0, 0])
    },
    ContractClause("a number that is forgotten is trusted nowhere, with nothing counted") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      let number = Keys.number("436601234567").number
      try await verify(store, policy, by: "anna", attempt: "1")
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      let other = try await store.admit(policy.reservation(for: Keys.send("436607654321", by: "berta"))).reservation
      let trusted = policy.reservation(for: Keys.send()).trustedRules.filter { $0.id == .trustedHour }
      #expect(try await store.counts(of: trusted).map(\.count) == [1])
      try await store.forget(number: number)
      let counts = try await store.counts(of: policy.rules(ofNumber: number) + trusted)
      #expect(counts.allSatisfy { $0.count == 0 })
      #expect(
        try await store.answer(nonce: nil, pair: .init(number: number, browser: Keys.visitor("anna").browser)) == nil)
      let permit = try await store.admit(policy.reservation(for: Keys.send()))
      #expect(permit.reservation.rules.contains { $0.id == .numberHour })
      // Another number is not touched.
      #expect(try await store.answer(nonce: nil, pair: other.pair) == .pending)
    },
  ]
}
