import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  /// A prefix of which forty a day may stay unverified, eight at once, and judged at once.
  private static var rationed: LimitsPolicy {
    var policy = only([.prefix4Ration: Limit(40, per: day)])
    policy.grace = .zero
    policy.runningLife = .seconds(1)
    return policy
  }

  private static let drop: Duration = day / 32

  /// A site with a hundred messages a day, of which strangers have had all that there is at once.
  private static func exhausted(_ store: any CounterStore) async throws -> LimitsPolicy {
    var policy = only([.siteDay: Limit(100, per: day)])
    policy.sharesBudget = true
    policy.runningLife = .seconds(1)
    for index in 0..<60 { _ = try await store.reserve(policy.reservation(for: send(2000 + index))) }
    return policy
  }

  private static func send(_ index: Int, from net: String? = nil, prefix: Int = 0, proof: String? = nil) -> SendIntent {
    SendIntent(
      number: Keys.number("43660\(100 + prefix)\(1000 + index)"), visitor: Keys.visitor("visitor \(index)", net: net),
      proof: proof.map(Keys.key))
  }

  private static func enterPIN(
    _ index: Int, from net: String? = nil, prefix: Int = 0, in store: any CounterStore, by policy: LimitsPolicy
  ) async throws {
    let intent = send(index, from: net, prefix: prefix)
    #expect(try await store.enterPIN(of: intent, named: "\(index)", by: policy).isDone)
  }

  /// Who comes before whom.
  static let ranks = [
    ContractClause(
      "of a ration a quarter is kept for proofs, and another one from nets that have left messages unverified"
    ) {
      fixture in
      let store = try fixture.open()
      let policy = rationed
      func request(_ index: Int, from net: String? = nil, proof: String? = nil) -> ReservationRequest {
        policy.reservation(for: send(index, from: net, proof: proof))
      }
      for index in 0..<4 { _ = try await store.admit(request(index, from: "debtor")) }
      let last = try await store.refuse(request(4, from: "debtor"))
      #expect(last.reasons.map(\.id) == [.prefix4Ration] && last.retryAfter == .milliseconds(1))
      // A net that verified elsewhere is as good as one of which nothing is known.
      _ = try await store.admit(policy.reservation(for: send(10, from: "known", prefix: 1)))
      try await enterPIN(10, from: "known", prefix: 1, in: store, by: policy)
      _ = try await store.admit(request(11, from: "known"))
      _ = try await store.admit(request(12))
      #expect(try await store.refuse(request(13)).retryAfter == .milliseconds(1))
      #expect(try await store.refuse(request(14, from: "known")).retryAfter == .milliseconds(1))
      #expect(try await store.refuse(request(4, from: "debtor")).retryAfter == drop * 2 + .milliseconds(1))
      for index in 15..<17 { _ = try await store.admit(request(index, proof: "number")) }
      // Who comes first waits for no longer than one message takes to drip away.
      #expect(try await store.refuse(request(17, proof: "number")).retryAfter == .milliseconds(1))
      // A success makes room at once.
      try await enterPIN(12, in: store, by: policy)
      _ = try await store.admit(request(18))
    },
    ContractClause("a net that has verified what it left, or never sent anything, is no debtor in a ration") {
      fixture in
      let store = try fixture.open()
      let policy = rationed
      let other = send(0, from: "net", prefix: 1)
      let reservation = try await store.admit(policy.reservation(for: other)).reservation
      for index in 1..<5 { _ = try await store.admit(policy.reservation(for: send(index, from: "net \(index)"))) }
      _ = try await store.refuse(policy.reservation(for: send(5, from: "net")))
      #expect(try await store.release(reservation).isDone)
      _ = try await store.admit(policy.reservation(for: send(5, from: "net")))
    },
    ContractClause("what a net has had of one attempt does not make it a debtor when that is sent again") { fixture in
      let store = try fixture.open()
      var policy = only([.prefix4Ration: Limit(20, per: day), .attemptResends: Limit(9, per: day)])
      (policy.grace, policy.runningLife) = (.zero, .milliseconds(1))
      func request(of attempt: String?, _ name: String = "one") -> ReservationRequest {
        policy.reservation(
          for: SendIntent(
            number: send(0).number, visitor: Keys.visitor(name), resendOf: attempt.map(Keys.key)))
      }
      var permit = try await store.admit(request(of: nil))
      for _ in 0..<3 {
        fixture.clock.advance(.seconds(1))
        #expect(permit.next == .zero)
        permit = try await store.admit(request(of: "attempt"))
      }
      // Of another attempt it is one.
      fixture.clock.advance(day / 16)
      _ = try await store.refuse(request(of: nil))
      _ = try await store.admit(request(of: nil, "other"))
    },
    ContractClause("four messages a day go first with the proofs of one number, and then they come as their net does") {
      fixture in
      let store = try fixture.open()
      let policy = try await exhausted(store)
      func request(_ index: Int, proof: String) -> ReservationRequest {
        policy.reservation(for: send(index, proof: proof))
      }
      let first = try await store.admit(request(0, proof: "copied"))
      for index in 1..<4 { _ = try await store.admit(request(index, proof: "copied")) }
      #expect(
        Set([.sitePace, .siteShare]).isSuperset(
          of: try await store.refuse(request(4, proof: "copied")).reasons.map(\.id)))
      _ = try await store.admit(request(5, proof: "another"))
      // One that was not sent is given back.
      #expect(try await store.release(first.reservation).isDone)
      _ = try await store.admit(request(6, proof: "copied"))
      _ = try await store.refuse(request(7, proof: "copied"))
      fixture.clock.advance(day)
      for index in 0..<60 { _ = try await store.reserve(policy.reservation(for: send(3000 + index))) }
      _ = try await store.admit(request(8, proof: "copied"))
    },
    ContractClause("what the provider was asked for in vain stays counted for the number of a proof") { fixture in
      let store = try fixture.open()
      let policy = try await exhausted(store)
      for index in 0..<4 {
        let permit = try await store.admit(policy.reservation(for: send(index, proof: "one")))
        #expect(try await store.release(permit.reservation.withoutAsker).isDone)
      }
      _ = try await store.refuse(policy.reservation(for: send(4, proof: "one")))
    },
    ContractClause("all trusted browsers of a number together come first no more often than one of them may") {
      fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(100, per: day), .trustedDay: Limit(2, per: day)])
      policy.sharesBudget = true
      policy.runningLife = .milliseconds(1)
      for name in ["one", "two", "three"] {
        try await verify(store, policy, by: name, attempt: name)
        fixture.clock.advance(.seconds(1))
      }
      _ = try await exhausted(store)
      _ = try await store.admit(policy.reservation(for: Keys.send(by: "two")))
      let second = try await store.admit(policy.reservation(for: Keys.send(by: "three"))).reservation
      #expect(
        Set([.sitePace, .siteShare]).isSuperset(
          of: try await store.refuse(policy.reservation(for: Keys.send(by: "three"))).reasons.map(\.id)))
      // The net that has given credit still comes before strangers.
      _ = try await store.admit(policy.reservation(for: Keys.send(by: "one")))
      #expect(try await store.release(second).isDone)
      _ = try await store.admit(policy.reservation(for: Keys.send(by: "three")))
    },
    ContractClause("nets that verify are no reason to ask others for work") { fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(100, per: day)])
      policy.sharesBudget = true
      policy.challenge = true
      policy.runningLife = .seconds(1)
      for index in 0..<70 {
        _ = try await store.admit(policy.reservation(for: send(index)))
        try await enterPIN(index, in: store, by: policy)
      }
      _ = try await store.admit(policy.reservation(for: send(70)))
      let share = try #require(policy.share(ofSite: Keys.site))
      let overview = try await store.overview(of: share, by: policy)
      #expect((62...80).contains(overview.asking) && overview.challenge == nil)
    },
    ContractClause("one number that is verified from many nets does not hide that many ask") { fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(100, per: day)])
      policy.sharesBudget = true
      policy.challenge = true
      policy.trustedLife = .zero
      policy.runningLife = .milliseconds(1)
      for index in 0..<60 {
        let visitor = Keys.visitor("visitor \(index)")
        let number = Keys.number("436601234567")
        let intent = SendIntent(number: number, visitor: visitor, passedChallenge: Refusal.mostRounds)
        _ = try await store.admit(policy.reservation(for: intent))
        let attempt = TryIntent(
          number: number, visitor: visitor, attempt: Keys.key("attempt \(index)"), code: Keys.key("code \(index)"))
        let tried = try await store.admit(policy.reservation(for: attempt))
        #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
        fixture.clock.advance(.seconds(1))
      }
      let share = try #require(policy.share(ofSite: Keys.site))
      #expect(try await store.overview(of: share, by: policy).challenge == 1)
    },
    ContractClause("the nets of one wide net that verify hide no more of those that ask than its own voices") {
      fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(100, per: day)])
      (policy.sharesBudget, policy.challenge, policy.runningLife) = (true, true, .seconds(1))
      for index in 0..<60 {
        let visitor = VisitorKeys(
          address: Keys.key("address \(index)"), net: Keys.key("net \(index)"), wideNet: Keys.key("wide"),
          browser: Keys.key("browser \(index)"), hasCookie: true)
        let number = send(index).number
        _ = try await store.admit(policy.reservation(for: SendIntent(number: number, visitor: visitor)))
        let attempt = TryIntent(
          number: number, visitor: visitor, attempt: Keys.key("attempt \(index)"), code: Keys.key("code \(index)"))
        let tried = try await store.admit(policy.reservation(for: attempt))
        #expect(try await store.consume(policy.oneTimeUse(for: attempt, tried.reservation)).isDone)
      }
      let share = try #require(policy.share(ofSite: Keys.site))
      #expect(try await store.overview(of: share, by: policy).challenge == nil)
      for index in 100..<145 { _ = try await store.reserve(policy.reservation(for: send(index))) }
      // Until there is enough for those who ask now.
      fixture.clock.advance(day / 5)
      #expect(try await store.overview(of: share, by: policy).challenge == 1)
    },
    ContractClause("what only trusted browsers may use of the budget is not shared out among strangers") { fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(200, per: day)])
      policy.sharesBudget = true
      policy.reserve = 50
      policy.runningLife = .seconds(1)
      var admitted = 0
      for index in 0..<60 {
        if case .permitted = try await store.reserve(policy.reservation(for: send(index))).result { admitted += 1 }
      }
      #expect(admitted == 25)
      fixture.clock.advance(day / 10)
      for index in 100..<160 {
        if case .permitted = try await store.reserve(policy.reservation(for: send(index))).result { admitted += 1 }
      }
      #expect((34...36).contains(admitted))
    },
  ]
}
