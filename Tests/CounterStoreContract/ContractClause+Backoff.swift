import Limits
import Testing

extension ContractClause {
  /// The cooldowns between messages to one number.
  static let backoff = [
    ContractClause("the cooldowns between messages to a number grow, and both sides of each are right") { fixture in
      let store = try fixture.open()
      var policy = only([.numberHour: plenty, .numberDay: Limit(10, per: .seconds(86_400))])
      policy.cooldowns = [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)]
      policy.runningLife = .seconds(1)
      for cooldown in [60, 120, 300, 3600, 3600] {
        _ = try await store.admit(policy.reservation(for: Keys.send()))
        fixture.clock.advance(.seconds(cooldown) - .milliseconds(1))
        let refusal = try await store.refuse(policy.reservation(for: Keys.send()))
        #expect(refusal.reasons == [Refusal.Reason(.numberDay, wait: .milliseconds(1))])
        fixture.clock.advance(.milliseconds(1))
      }
    },
    ContractClause("sending again has its own cooldowns, and the page is told the next") { fixture in
      let store = try fixture.open()
      var policy = only([.numberDay: Limit(10, per: .seconds(86_400))])
      policy.cooldowns = [.seconds(60), .seconds(120)]
      policy.resendCooldowns = [.seconds(30), .seconds(90)]
      policy.runningLife = .seconds(1)
      let again = policy.reservation(for: Keys.send(resendOf: "1"))
      #expect(try await store.admit(policy.reservation(for: Keys.send())).next == .seconds(30))
      fixture.clock.advance(.milliseconds(29_999))
      #expect(try await store.refuse(again).retryAfter == .milliseconds(1))
      fixture.clock.advance(.milliseconds(1))
      #expect(try await store.refuse(policy.reservation(for: Keys.send())).retryAfter == .seconds(30))
      #expect(try await store.admit(again).next == .seconds(90))
    },
    ContractClause("after a day of quiet the backoff begins anew") { fixture in
      let store = try fixture.open()
      var policy = only([.numberDay: Limit(10, per: .seconds(86_400))])
      policy.cooldowns = [.seconds(60), .seconds(3600)]
      policy.runningLife = .seconds(1)
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      fixture.clock.advance(.seconds(60))
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      fixture.clock.advance(.seconds(86_400))
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      fixture.clock.advance(.seconds(1))
      #expect(try await store.refuse(policy.reservation(for: Keys.send())).retryAfter == .seconds(59))
    },
    ContractClause("a number that was verified in a browser is on its own counters there") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      try await verify(store, policy, by: "owner", attempt: "owner")
      // A stranger uses up the number, its prefix and its country; then its wrong PINs.
      var admitted = 0
      for index in 0..<300 {
        fixture.clock.advance(.seconds(61))
        let digits = index % 3 == 0 ? "436601234567" : "4366012345\(10 + index % 89)"
        let send = Keys.send(digits, by: "stranger \(index)")
        if case .permitted = try await store.reserve(policy.reservation(for: send)).result { admitted += 1 }
      }
      #expect((5..<60).contains(admitted))
      for index in 0..<30 {
        _ = try await store.reserve(
          policy.reservation(for: Keys.attempt(by: "thief \(index)", attempt: "theft \(index)")))
      }
      let refusal = try await store.refuse(policy.reservation(for: Keys.send(by: "another stranger")))
      #expect(refusal.reasons.allSatisfy { $0.id.scope != .visitor })
      _ = try await store.refuse(policy.reservation(for: Keys.attempt(by: "another", attempt: "another")))
      // Its owner does not notice.
      try await verify(store, policy, by: "owner", attempt: "again")
    },
    ContractClause("a number in a trusted browser has the same limits on its own counters") { fixture in
      let store = try fixture.open()
      var policy = only([.numberHour: Limit(1, per: .seconds(3600)), .trustedHour: Limit(2, per: .seconds(3600))])
      policy.runningLife = .seconds(1)
      try await verify(store, policy, by: "owner", attempt: "1")
      for _ in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.send(by: "owner"))) }
      #expect(
        try await store.refuse(policy.reservation(for: Keys.send(by: "owner"))).reasons
          == [Refusal.Reason(.trustedHour, wait: .seconds(3600))])
    },
    ContractClause("a browser is trusted for as long as was said, and not a millisecond longer") { fixture in
      let store = try fixture.open()
      var policy = only([.numberHour: Limit(0, per: .seconds(3600)), .trustedHour: plenty])
      policy.trustedLife = .days(30)
      policy.runningLife = .seconds(1)
      let attempt = Keys.attempt()
      let reservation = try await store.admit(policy.reservation(for: attempt)).reservation
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, reservation)).isDone)
      fixture.clock.advance(.days(30) - .milliseconds(1))
      _ = try await store.admit(policy.reservation(for: Keys.send()))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.refuse(policy.reservation(for: Keys.send()))
    },
    ContractClause("a browser without a cookie is not remembered as the owner's") { fixture in
      let store = try fixture.open()
      let policy = only([.numberHour: Limit(0, per: .seconds(3600)), .trustedHour: plenty])
      let attempt = TryIntent(
        number: Keys.number("436601234567"), visitor: Keys.visitor("anna", hasCookie: false), attempt: Keys.key("1"),
        code: Keys.key("1"))
      let reservation = try await store.admit(policy.reservation(for: attempt)).reservation
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, reservation)).isDone)
      _ = try await store.refuse(policy.reservation(for: Keys.send()))
    },
    ContractClause("a part of the budget can be kept for trusted browsers") { fixture in
      let store = try fixture.open()
      var policy = only([.siteHour: Limit(10, per: .seconds(3600)), .trustedHour: plenty])
      policy.reserve = 20
      try await verify(store, policy, by: "owner", attempt: "1")  // uses one of the ten
      for index in 0..<7 { _ = try await store.admit(policy.reservation(for: Keys.send(by: "stranger \(index)"))) }
      _ = try await store.refuse(policy.reservation(for: Keys.send(by: "one more")))
      for _ in 0..<2 { _ = try await store.admit(policy.reservation(for: Keys.send(by: "owner"))) }
      _ = try await store.refuse(policy.reservation(for: Keys.send(by: "owner")))
    },
  ]
}

/// The whole way: a send, its end, a try and its success.
func verify(_ store: any CounterStore & StoreAdmin, _ policy: LimitsPolicy, by name: String, attempt: String)
  async throws
{
  let send = try await store.admit(policy.reservation(for: Keys.send(by: name)))
  #expect(try await store.commit(send.reservation, answer: Array("token \(attempt)".utf8), wasSent: true).isDone)
  let attempt = Keys.attempt(by: name, attempt: attempt)
  let tried = try await store.admit(policy.reservation(for: attempt))
  #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
}
