import Limits
import Testing

extension ContractClause {
  /// PINs that are tried, and successes.
  static let tries = [
    ContractClause("three wrong PINs end a code, five an attempt, whatever is sent again") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      for left in [2, 1, 0] {
        #expect(try await store.admit(policy.reservation(for: Keys.attempt())).left[.requestWrong] == left)
      }
      #expect(
        try await store.refuse(policy.reservation(for: Keys.attempt())).reasons.map(\.id) == [.requestWrong])
      for _ in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.attempt(code: "second"))) }
      #expect(
        try await store.refuse(policy.reservation(for: Keys.attempt(code: "second"))).reasons.map(\.id) == [
          .attemptWrong
        ])
    },
    ContractClause("a number's wrong PINs are counted over all requests and browsers") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      for index in 0..<10 {
        _ = try await store.admit(policy.reservation(for: Keys.attempt(by: "thief \(index)", attempt: "\(index)")))
      }
      let refusal = try await store.refuse(policy.reservation(for: Keys.attempt(by: "one more", attempt: "one more")))
      #expect(refusal.reasons == [Refusal.Reason(.numberWrongHour, wait: .seconds(3600))])
    },
    ContractClause("a hundred wrong PINs in a row stop a number until a success or the owner clears it") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      for index in 0..<100 {
        if index % 10 == 0 { fixture.clock.advance(.seconds(43_200)) }
        _ = try await store.admit(policy.reservation(for: Keys.attempt(by: "thief \(index)", attempt: "\(index)")))
      }
      fixture.clock.advance(.days(365))
      let request = policy.reservation(for: Keys.attempt(by: "anna", attempt: "new"))
      #expect(try await store.refuse(request).reasons == [Refusal.Reason(.numberWrongTotal, wait: nil)])
      try await store.clear(policy.rules(ofNumber: Keys.number("436601234567").number), rations: [])
      _ = try await store.admit(request)
    },
    ContractClause("a success clears the wrong PINs in a row of its number, and is no wrong one itself") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      let rules = policy.rules(ofNumber: Keys.number("436601234567").number)
      _ = try await store.admit(policy.reservation(for: Keys.attempt()))
      fixture.clock.advance(.seconds(1))
      let right = try await store.admit(policy.reservation(for: Keys.attempt())).reservation
      #expect(try await store.consume(policy.oneTimeUse(for: Keys.attempt(), right)).isDone)
      let counts = try await store.counts(of: rules)
      #expect(counts.first { $0.id == .numberWrongHour }?.count == 1)
      #expect(counts.first { $0.id == .numberWrongDay }?.count == 1)
      #expect(counts.first { $0.id == .numberWrongTotal }?.count == 0)
      // Tries of any kind are still counted by address.
      let address = policy.rules(ofAddress: Keys.visitor("anna").address, net: Keys.visitor("anna").net)
      let ofAddress = try await store.counts(of: address)
      #expect(ofAddress.first { $0.id == .addressTries }?.count == 2)
      #expect(ofAddress.first { $0.id == .addressWrongHour }?.count == 1)
    },
    ContractClause("of two right answers that were admitted one is the success, and no try is after it") { fixture in
      let store = try fixture.open()
      let other = try fixture.open()
      let policy = LimitsPolicy()
      let first = try await store.admit(policy.reservation(for: Keys.attempt())).reservation
      let second = try await other.admit(policy.reservation(for: Keys.attempt())).reservation
      #expect(try await other.consume(policy.oneTimeUse(for: Keys.attempt(), second)).isDone)
      #expect(try await store.consume(policy.oneTimeUse(for: Keys.attempt(), first)).isDone == false)
      #expect(try await store.consume(policy.oneTimeUse(for: Keys.attempt(), second)).isDone == false)
      #expect(try await store.reserve(policy.reservation(for: Keys.attempt())).result == .consumed)
      fixture.clock.advance(.seconds(86_400))
      #expect(try await store.reserve(policy.reservation(for: Keys.attempt())).result == .consumed)
    },
    ContractClause("after a success the same number gets no page of the request that is used up") { fixture in
      let store = try fixture.open()
      var policy = LimitsPolicy()
      policy.limits[.trustedHour] = nil
      policy.limits[.trustedDay] = Limit(5, per: .seconds(86_400))
      try await verify(store, policy, by: "anna", attempt: "1")
      let permit = try await store.admit(policy.reservation(for: Keys.send()))
      #expect(permit.next == .seconds(30))
      #expect(try await store.reserve(policy.reservation(for: Keys.send())).result == .replayed(.pending))
    },
    ContractClause(
      "after a success the page of the used-up request is not shown under the name before the cookie, either"
    ) {
      fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      let nameless = policy.reservation(
        for: SendIntent(number: Keys.number("436601234567"), visitor: Keys.visitor("anna", hasCookie: false)))
      let sent = try await store.admit(nameless).reservation
      #expect(try await store.commit(sent, answer: [1], wasSent: true).isDone)
      #expect(try await store.reserve(nameless).result == .replayed(.answered([1])))
      let attempt = Keys.attempt(by: "anna with a cookie")
      let tried = try await store.admit(policy.reservation(for: attempt)).reservation
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried)).isDone)
      if case .replayed = try await store.reserve(nameless).result {
        Issue.record("the page of a request that is used up")
      }
    },
    ContractClause("the site's wrong PINs give an alarm when they are used up") { fixture in
      let store = try fixture.open()
      let policy = only([.siteWrongHour: Limit(2, per: .seconds(3600))])
      #expect(try await store.reserve(policy.reservation(for: Keys.attempt())).notices == [])
      #expect(
        try await store.reserve(policy.reservation(for: Keys.attempt())).notices
          == [.reached(.siteWrongHour, percent: 100, count: 2, limit: 2)])
      _ = try await store.refuse(policy.reservation(for: Keys.attempt()))
    },
  ]
}
