import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  private static func send(_ index: Int) -> SendIntent {
    SendIntent(number: Keys.number("4366010\(1000 + index)"), visitor: Keys.visitor("visitor \(index)", net: "net"))
  }

  private static func enterPIN(
    _ index: Int, named name: String? = nil, in store: any CounterStore, by policy: LimitsPolicy
  ) async throws {
    #expect(try await store.enterPIN(of: send(index), named: name ?? "\(index)", by: policy).isDone)
  }

  /// What is given back is given back once, and only where it was counted.
  static let returns = [
    ContractClause("a message that nobody knew whether it was sent is not given back again when it is verified") {
      fixture in
      let store = try fixture.open()
      var policy = only([
        .prefix4Ration: Limit(40, per: day), .netDay: Limit(9, per: day), .siteDay: Limit(100, per: day),
      ])
      policy.sharesBudget = true
      let rules = policy.rules(ofAddress: send(0).visitor.address, net: send(0).visitor.net)
      let share = try #require(policy.share(ofSite: Keys.site))
      let lost = try await store.admit(policy.reservation(for: send(0))).reservation
      #expect(try await store.commit(lost, answer: [1], wasSent: false).isDone)
      _ = try await store.admit(policy.reservation(for: send(1)))
      let tokens = try await store.overview(of: share, by: policy).tokens
      try await enterPIN(0, in: store, by: policy)
      let counts = try await store.show(rules, rations: policy.rations(of: send(0).number))
      #expect(counts.map(\.count) == [1, 1])
      // The success gives credit for three, all the same.
      #expect(counts.map(\.limit) == [9 + 3, 8 + 1])
      #expect(try await store.overview(of: share, by: policy).tokens == tokens)
      #expect(try await store.overview(of: share, by: policy).verified == 1)
    },
    ContractClause("a later message of the same number that was sent is given back when it is verified") { fixture in
      let store = try fixture.open()
      var policy = only([.prefix4Ration: Limit(40, per: day), .netDay: Limit(9, per: day)])
      policy.runningLife = .seconds(600)
      let lost = try await store.admit(policy.reservation(for: send(0))).reservation
      #expect(try await store.commit(lost, answer: [1], wasSent: false).isDone)
      let sent = try await store.admit(policy.reservation(for: send(0))).reservation
      #expect(try await store.commit(sent, answer: [1], wasSent: true).isDone)
      try await enterPIN(0, in: store, by: policy)
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.count) == [0])
      // Nor is what was lost longer ago than any attempt lives remembered.
      let old = try await store.admit(policy.reservation(for: send(1))).reservation
      #expect(try await store.commit(old, answer: [1], wasSent: false).isDone)
      fixture.clock.advance(.seconds(600))
      _ = try await store.admit(policy.reservation(for: send(1)))
      try await enterPIN(1, in: store, by: policy)
      #expect(try await store.show([], rations: policy.rations(of: send(0).number)).map(\.count) == [0])
    },
    ContractClause("a first message is given back when it is verified, though nobody knows whether it was sent again") {
      fixture in
      let store = try fixture.open()
      let policy = only([.prefix4Ration: Limit(40, per: day), .netDay: Limit(9, per: day), .attemptResends: plenty])
      let first = try await store.admit(policy.reservation(for: send(0))).reservation
      #expect(try await store.commit(first, answer: [1], wasSent: true).isDone)
      let intent = SendIntent(
        number: send(0).number, visitor: send(0).visitor, resendOf: Keys.key("attempt 0"), code: Keys.key("other code"))
      let again = try await store.admit(policy.reservation(for: intent)).reservation
      #expect(try await store.commit(again, answer: [1], wasSent: false).isDone)
      try await enterPIN(0, in: store, by: policy)
      let rules = policy.rules(ofAddress: send(0).visitor.address, net: send(0).visitor.net)
      #expect(try await store.show(rules, rations: policy.rations(of: send(0).number)).map(\.count) == [0, 0])
    },
    ContractClause("a message that is verified before its end is known is given back once, whatever its end is") {
      fixture in
      let store = try fixture.open()
      var policy = only([
        .prefix4Ration: Limit(40, per: day), .netDay: Limit(9, per: day), .numberDay: plenty,
        .siteDay: Limit(100, per: day),
      ])
      (policy.sharesBudget, policy.runningLife, policy.trustedLife) = (true, .milliseconds(1), .zero)
      let share = try #require(policy.share(ofSite: Keys.site))
      let request = policy.reservation(for: send(0))
      let rules = (request.rules + request.untrustedRules).filter { [.netDay, .numberDay].contains($0.id) }
      for end in ["unknown", "released"] {
        let early = try await store.admit(request).reservation
        _ = try await store.admit(policy.reservation(for: send(end == "unknown" ? 1 : 2)))
        try await enterPIN(0, named: end, in: store, by: policy)
        let before = try await store.show(rules, rations: request.rations).map(\.count)
        let tokens = try await store.overview(of: share, by: policy).tokens
        if end == "unknown" {
          #expect(try await store.commit(early, answer: [1], wasSent: false).isDone)
        } else {
          #expect(try await store.release(early).isDone)
        }
        #expect(try await !store.release(early).isDone)
        // What counts messages of any kind is given back for one that was not sent, and only that.
        let after = try await store.show(rules, rations: request.rations).map(\.count)
        #expect(after == [before[0] - (end == "unknown" ? 0 : 1), before[1], before[2]], "\(end)")
        #expect(try await store.overview(of: share, by: policy).tokens == tokens, "\(end)")
      }
    },
    ContractClause("what a success took back was its own, so that another message's end takes back that one's") {
      fixture in
      let store = try fixture.open()
      let policy = only([.netDay: Limit(9, per: day), .prefix4Ration: Limit(40, per: day)])
      let lost = try await store.admit(policy.reservation(for: send(0))).reservation
      fixture.clock.advance(.seconds(1))
      _ = try await store.admit(policy.reservation(for: send(1)))
      try await enterPIN(1, in: store, by: policy)
      #expect(try await store.commit(lost, answer: [1], wasSent: false).isDone)
      let rules = policy.rules(ofAddress: send(0).visitor.address, net: send(0).visitor.net)
      #expect(try await store.show(rules, rations: policy.rations(of: send(0).number)).map(\.count) == [0, 0])
    },
    ContractClause("a trusted browser's message beyond its trust is given back by its success, wherever it counted") {
      fixture in
      let store = try fixture.open()
      var policy = only([
        .prefix4Ration: Limit(40, per: day), .trustedDay: Limit(2, per: day), .addressDay: plenty,
        .siteDay: Limit(100, per: day),
      ])
      (policy.sharesBudget, policy.runningLife, policy.grace) = (true, .milliseconds(1), .zero)
      let share = try #require(policy.share(ofSite: Keys.site))
      for name in ["one", "two"] {
        try await verify(store, policy, by: name, attempt: name)
        fixture.clock.advance(.seconds(1))
      }
      func counts(of name: String) async throws -> [Int] {
        let visitor = Keys.send(by: name).visitor
        return try await store.show(
          policy.rules(ofAddress: visitor.address, net: visitor.net), rations: policy.rations(of: Keys.send().number)
        ).map(\.count)
      }
      // The first two go first, whichever browser they are of, and the third does not.
      for name in ["one", "one", "two"] { _ = try await store.admit(policy.reservation(for: Keys.send(by: name))) }
      #expect(try await counts(of: "one") == [2, 1])
      #expect(try await counts(of: "two") == [1, 1])
      #expect(try await store.overview(of: share, by: policy).tokens == 24)
      let verified = try await store.overview(of: share, by: policy).verified
      #expect(try await store.enterPIN(of: Keys.send(by: "two"), named: "third", by: policy).isDone)
      #expect(try await counts(of: "two") == [0, 0])
      #expect(try await store.overview(of: share, by: policy).tokens == 25)
      #expect(try await store.overview(of: share, by: policy).verified == verified + 1)
      // Those that went first were counted nowhere but with their visitor.
      for name in ["fourth", "fifth"] {
        #expect(try await store.enterPIN(of: Keys.send(by: "one"), named: name, by: policy).isDone)
      }
      #expect(try await counts(of: "one") == [0, 0])
      #expect(try await store.overview(of: share, by: policy).verified == verified + 1)
    },
    ContractClause("a success without a message that counts gives nothing back") { fixture in
      let store = try fixture.open()
      let policy = only([.netDay: Limit(9, per: day), .prefix4Ration: Limit(40, per: day)])
      _ = try await store.admit(policy.reservation(for: send(1)))
      try await enterPIN(0, in: store, by: policy)
      let rules = policy.rules(ofAddress: send(0).visitor.address, net: send(0).visitor.net)
      #expect(try await store.show(rules, rations: policy.rations(of: send(0).number)).map(\.count) == [1, 1])
    },
    ContractClause("what was over a limit while watching takes nothing out of a ration when it is given back") {
      fixture in
      let store = try fixture.open()
      var policy = only([.prefix4Ration: Limit(40, per: day), .prefix4Hour: Limit(3, per: .seconds(3600))])
      (policy.mode, policy.grace) = (.watch, .seconds(180))
      var reservations: [Reservation] = []
      for index in 0..<5 {
        reservations.append(try await store.admit(policy.reservation(for: send(index))).reservation)
      }
      let rations = policy.rations(of: send(0).number)
      #expect(try await store.show([], rations: rations).map(\.count) == [3])
      for reservation in reservations[3...] { #expect(try await store.release(reservation).isDone) }
      #expect(try await store.show([], rations: rations).map(\.count) == [3])
      #expect(try await store.release(reservations[0]).isDone)
      #expect(try await store.show([], rations: rations).map(\.count) == [2])
    },
    ContractClause("a net owes nothing after a failure of the provider, whichever limits of it are on") { fixture in
      let store = try fixture.open()
      var policy = only([.siteDay: Limit(100, per: day)])
      policy.sharesBudget = true
      let share = try #require(policy.share(ofSite: Keys.site))
      let lost = try await store.admit(policy.reservation(for: send(0))).reservation
      #expect(try await store.commit(lost, answer: [1], wasSent: false).isDone)
      #expect(try await store.overview(of: share, by: policy).nets.isEmpty)
      // The next one is a stranger's again, and not a debtor's.
      _ = try await store.admit(policy.reservation(for: send(1)))
      #expect(try await store.overview(of: share, by: policy).toStrangers == 1)
    },
  ]
}
