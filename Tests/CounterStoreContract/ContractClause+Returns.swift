import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  private static func send(_ index: Int) -> SendIntent {
    SendIntent(number: Keys.number("4366010\(1000 + index)"), visitor: Keys.visitor("visitor \(index)", net: "net"))
  }

  private static func enterPIN(_ index: Int, in store: any CounterStore, by policy: LimitsPolicy) async throws {
    #expect(try await store.enterPIN(of: send(index), named: "\(index)", by: policy).isDone)
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
