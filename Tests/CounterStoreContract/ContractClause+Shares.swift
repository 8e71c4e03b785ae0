import Limits
import Testing

extension ContractClause {
  private static let day: Duration = .seconds(86_400)

  /// A site with a hundred messages a day and nothing else.
  private static var policy: LimitsPolicy {
    var policy = only([.siteDay: Limit(100, per: day)])
    policy.sharesBudget = true
    policy.runningLife = .seconds(1)
    return policy
  }

  /// Two messages a day for a net that verifies nothing, and a budget that nobody uses up.
  private static var withChances: LimitsPolicy {
    var policy = only([.netDay: Limit(2, per: day), .attemptResends: Limit(9, per: day), .siteDay: plenty])
    policy.sharesBudget = true
    policy.runningLife = .seconds(1)
    return policy
  }

  private static func send(
    _ index: Int, from net: String? = nil, passed: Int = 0, proof: String? = nil
  ) -> SendIntent {
    SendIntent(
      number: Keys.number("43660\(1_000_000 + index)"), visitor: Keys.visitor("visitor \(index)", net: net),
      passedChallenge: passed, proof: proof.map(Keys.key))
  }

  @discardableResult
  private static func enterPIN(
    _ index: Int, from net: String? = nil, in store: any CounterStore, by policy: LimitsPolicy = policy
  ) async throws -> Settlement {
    try await store.enterPIN(of: send(index, from: net), named: "\(index)", by: policy)
  }

  /// Asks from so many nets.
  private static func ask(
    _ nets: Range<Int>, in store: any CounterStore, by policy: LimitsPolicy = policy
  ) async throws -> [ReservationDecision] {
    var decisions: [ReservationDecision] = []
    for index in nets { decisions.append(try await store.reserve(policy.reservation(for: send(index)))) }
    return decisions
  }

  private static func refusals(_ decisions: [ReservationDecision]) -> [Refusal] {
    decisions.compactMap { if case .refused(let refusal) = $0.result { refusal } else { nil } }
  }

  /// Who gets what is left of the budget.
  static let shares = [
    ContractClause("a net may leave two messages a day unverified, and three more for each that it verifies") {
      fixture in
      let store = try fixture.open()
      let policy = only([.netDay: Limit(2, per: day)])
      for index in 0..<2 { _ = try await store.admit(policy.reservation(for: send(index, from: "net"))) }
      #expect(try await store.refuse(policy.reservation(for: send(2, from: "net"))).retryAfter == day)
      _ = try await store.admit(policy.reservation(for: send(3, from: "other")))
      #expect(try await enterPIN(0, from: "net", in: store, by: policy).isDone)
      for index in 4..<8 { _ = try await store.admit(policy.reservation(for: send(index, from: "net"))) }
      _ = try await store.refuse(policy.reservation(for: send(8, from: "net")))
    },
    ContractClause("a wait that credit shortens is true when the credit has become less") { fixture in
      let store = try fixture.open()
      let policy = only([.netDay: Limit(1, per: day)])
      _ = try await store.admit(policy.reservation(for: send(0, from: "net")))
      #expect(try await enterPIN(0, from: "net", in: store, by: policy).isDone)
      for index in 1..<5 {
        _ = try await store.admit(policy.reservation(for: send(index, from: "net")))
        fixture.clock.advance(.seconds(3600))
      }
      for _ in 0..<3 {
        guard case .refused(let refusal) = try await store.reserve(policy.reservation(for: send(9, from: "net"))).result
        else { break }
        let wait = try #require(refusal.retryAfter)
        fixture.clock.advance(wait - .milliseconds(1))
        #expect(try await store.refuse(policy.reservation(for: send(9, from: "net"))).retryAfter == .milliseconds(1))
        fixture.clock.advance(.milliseconds(1))
        _ = try await store.admit(policy.reservation(for: send(9, from: "net")))
      }
    },
    ContractClause("the site has three second chances a day") { fixture in
      let store = try fixture.open()
      var policy = only([.netDay: Limit(1, per: day), .siteDay: plenty])
      policy.sharesBudget = true
      var admitted: [Int] = []
      for net in 0..<4 {
        var count = 0
        for index in 0..<5 {
          let request = policy.reservation(for: send(net * 10 + index, from: "net \(net)"))
          if case .permitted = try await store.reserve(request).result { count += 1 }
        }
        admitted.append(count)
      }
      #expect(admitted == [4, 1, 1, 1])
      fixture.clock.advance(day / 3)
      _ = try await store.admit(policy.reservation(for: send(39, from: "net 3")))
      _ = try await store.refuse(policy.reservation(for: send(38, from: "net 3")))
    },
    ContractClause("a success is given back to its visitor's address, net and browser, and to the number's ranges") {
      fixture in
      let store = try fixture.open()
      var policy = LimitsPolicy()
      policy.runningLife = .seconds(1)
      let request = policy.reservation(for: send(0))
      let rules = (request.rules + request.untrustedRules).filter {
        ![.numberHour, .numberDay, .siteHour, .siteDay].contains($0.id)
      }
      #expect(rules.count == 10)
      _ = try await store.admit(request)
      #expect(try await store.show(rules, rations: request.rations).allSatisfy { $0.count == 1 })
      #expect(try await enterPIN(0, in: store, by: policy).isDone)
      #expect(try await store.show(rules, rations: request.rations).allSatisfy { $0.count == 0 })
      #expect(try await store.counts(of: policy.rulesOfSite()).first?.count == 1)
    },
    ContractClause("a burst that nobody verifies gets a quarter of the day's budget, and then its even part") {
      fixture in
      let store = try fixture.open()
      let refused = refusals(try await ask(0..<60, in: store))
      #expect(refused.count == 35)
      #expect(Set(refused.flatMap { $0.reasons.map(\.id) }).isSubset(of: [.siteShare, .sitePace]))
      fixture.clock.advance(day / 10)
      #expect(10...11 ~= 60 - refusals(try await ask(100..<160, in: store)).count)
    },
    ContractClause("what is verified is given back to the pace: a burst of people has the whole budget") { fixture in
      let store = try fixture.open()
      // The last five are for those who come before strangers.
      for index in 0..<95 {
        _ = try await store.admit(policy.reservation(for: send(index, from: "net \(index)")))
        #expect(try await enterPIN(index, from: "net \(index)", in: store).isDone)
      }
      #expect(try await store.refuse(policy.reservation(for: send(100))).reasons.map(\.id).contains(.siteDay))
    },
    ContractClause("a net that has verified something comes before the others, who leave something for it") { fixture in
      let store = try fixture.open()
      _ = try await store.admit(policy.reservation(for: send(0, from: "known")))
      #expect(try await enterPIN(0, from: "known", in: store).isDone)
      for round in 0..<5 {
        _ = try await ask(100 * round + 100..<100 * round + 200, in: store)
        fixture.clock.advance(day / 4)
      }
      _ = try await store.admit(policy.reservation(for: send(1, from: "known")))
    },
    ContractClause("a lot holds for a day of its net: asking again changes nothing, and the budget is never overdrawn")
    {
      fixture in
      let store = try fixture.open()
      var admitted: [Int: Int] = [:]
      for _ in 0..<24 {
        for index in 0..<400 {
          if case .permitted = try await store.reserve(policy.reservation(for: send(index))).result {
            admitted[index, default: 0] += 1
          }
        }
        fixture.clock.advance(day / 24)
      }
      #expect(50...100 ~= admitted.values.reduce(0, +))
      // Few come twice, when their day begins anew.
      #expect(admitted.values.allSatisfy { $0 <= 2 })
    },
    ContractClause("under want of budget a challenge lets its sender pass, with as many rounds as are told") {
      fixture in
      let store = try fixture.open()
      var policy = policy
      policy.challenge = true
      let refused = refusals(try await ask(0..<500, in: store, by: policy))
      #expect(refused.first?.challenge == 1)
      #expect(refused.last?.challenge == 1)
      fixture.clock.advance(day / 10)
      let last = refusals(try await ask(1000..<3000, in: store, by: policy)).last
      #expect(last?.challenge == 2)
      #expect(last?.reasons.map(\.id) == [.siteShare])
      #expect(try await store.refuse(policy.reservation(for: send(5000, passed: 1))).challenge == 2)
      _ = try await store.admit(policy.reservation(for: send(5000, passed: 2)))
    },
    ContractClause("a proof goes first, for a tenth of the day's budget") { fixture in
      let store = try fixture.open()
      _ = try await ask(0..<60, in: store)
      for index in 0..<10 {
        _ = try await store.admit(policy.reservation(for: send(200 + index, proof: "number \(index)")))
      }
      _ = try await store.refuse(policy.reservation(for: send(211, proof: "number 11")))
    },
    ContractClause("who wants more than a part of the budget leaves the rest to trusted browsers") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.limits[.trustedHour] = plenty
      try await verify(store, policy, by: "owner", attempt: "owner")
      for round in 0..<30 {
        _ = try await ask(round * 100..<round * 100 + 100, in: store, by: policy)
        fixture.clock.advance(day / 24)
      }
      let sent = try await store.counts(of: policy.rulesOfSite())[0].count
      #expect(60...95 ~= sent)
      _ = try await store.admit(policy.reservation(for: Keys.send(by: "owner")))
    },
    ContractClause("want of budget is told once with its figures, and that it is over") { fixture in
      let store = try fixture.open()
      let told = try await ask(0..<60, in: store).flatMap(\.notices)
      #expect(told.count == 1)
      guard case .rationBegan(.siteShare, let key, let figures) = told.first else {
        Issue.record("\(told)")
        return
      }
      #expect(
        key == Keys.site && figures.sends == 25 && figures.perDay == 100 && (22...30).contains(figures.asking ?? 0))
      fixture.clock.advance(.seconds(2 * 86_400))
      let over = try await ask(900..<901, in: store).flatMap(\.notices)
      guard case .rationEnded(.siteShare, _, _, let time) = over.first else {
        Issue.record("\(over)")
        return
      }
      #expect(time == .seconds(2 * 86_400) && over.count == 1)
    },
    ContractClause("a message that is sent again beyond its net's day is one of the site's second chances") { fixture in
      let store = try fixture.open()
      func request(_ index: Int, of attempt: String?, from net: String) -> ReservationRequest {
        let intent = send(index, from: net)
        return withChances.reservation(
          for: SendIntent(number: intent.number, visitor: intent.visitor, resendOf: attempt.map(Keys.key)))
      }
      #expect(try await store.admit(request(0, of: nil, from: "one")).next == .zero)
      for index in 1..<4 {
        let permit = try await store.admit(request(0, of: "attempt", from: "one"))
        #expect((permit.next == .zero) == (index < 3))
      }
      _ = try await store.refuse(request(0, of: "attempt", from: "one"))
      // The last one is for somebody who has had nothing yet.
      #expect(try await store.admit(request(1, of: nil, from: "two")).next == .zero)
      #expect(try await store.admit(request(1, of: "another", from: "two")).next != .zero)
      #expect(try await store.refuse(request(1, of: "another", from: "two")).reasons.map(\.id) == [.netDay])
      _ = try await store.admit(request(2, of: nil, from: "two"))
      #expect(try await store.refuse(request(3, of: nil, from: "two")).reasons.map(\.id) == [.netDay])
    },
    ContractClause("who uses up a net's day again and again has no second chances, and leaves them to others") {
      fixture in
      let store = try fixture.open()
      for index in 0..<5 { _ = try await store.admit(withChances.reservation(for: send(index, from: "net"))) }
      _ = try await store.refuse(withChances.reservation(for: send(5, from: "net")))
      for morning in 1..<6 {
        fixture.clock.advance(day)
        for index in 0..<2 {
          _ = try await store.admit(withChances.reservation(for: send(10 * morning + index, from: "net")))
        }
        _ = try await store.refuse(withChances.reservation(for: send(10 * morning + 2, from: "net")))
      }
      for index in 100..<104 { _ = try await store.admit(withChances.reservation(for: send(index, from: "other"))) }
    },
    ContractClause("a success gives a second chance back, and so does a message that was not sent") { fixture in
      let store = try fixture.open()
      let share = try #require(withChances.share(ofSite: Keys.site))
      for index in 0..<3 { _ = try await store.admit(withChances.reservation(for: send(index, from: "net"))) }
      #expect(try await store.overview(of: share, by: withChances).chances == 2)
      let last = try await store.admit(withChances.reservation(for: send(3, from: "net")))
      #expect(try await store.overview(of: share, by: withChances).chances == 1)
      #expect(try await store.release(last.reservation).isDone)
      #expect(try await store.overview(of: share, by: withChances).chances == 2)
      #expect(try await enterPIN(2, from: "net", in: store, by: withChances).isDone)
      #expect(try await store.overview(of: share, by: withChances).chances == 3)
    },
    ContractClause("what needed no second chance gives none back") { fixture in
      let store = try fixture.open()
      let share = try #require(withChances.share(ofSite: Keys.site))
      // Two chances of three are taken.
      for index in 30..<34 { _ = try await store.admit(withChances.reservation(for: send(index, from: "other"))) }
      #expect(try await store.overview(of: share, by: withChances).chances == 1)
      _ = try await store.admit(withChances.reservation(for: send(0, from: "net")))
      #expect(try await enterPIN(0, from: "net", in: store, by: withChances).isDone)
      var last: Reservation?
      // More than its limit, while it is young.
      for index in 1..<9 {
        last = try await store.admit(withChances.reservation(for: send(index, from: "net"))).reservation
      }
      #expect(try await enterPIN(1, from: "net", in: store, by: withChances).isDone)
      #expect(try await store.release(try #require(last)).isDone)
      #expect(try await store.overview(of: share, by: withChances).chances == 1)
      // A net that has had two gives both back.
      #expect(try await enterPIN(30, from: "other", in: store, by: withChances).isDone)
      #expect(try await enterPIN(31, from: "other", in: store, by: withChances).isDone)
      #expect(try await store.overview(of: share, by: withChances).chances == 3)
    },
    ContractClause("nobody of a net that verifies is refused for those who are still typing their PINs") { fixture in
      let store = try fixture.open()
      _ = try await store.admit(withChances.reservation(for: send(0, from: "net")))
      #expect(try await enterPIN(0, from: "net", in: store, by: withChances).isDone)
      // Two, three for the success, and three times three more at once.
      for index in 1..<15 { _ = try await store.admit(withChances.reservation(for: send(index, from: "net"))) }
      // Those that are beyond them have the site's chances, and not one of them was spent before.
      let share = try #require(withChances.share(ofSite: Keys.site))
      #expect(try await store.overview(of: share, by: withChances).chances == 3)
      // Nobody has typed any: for as long as these count more than was verified there is no more at once.
      fixture.clock.advance(day + .seconds(1))
      for index in 20..<25 { _ = try await store.admit(withChances.reservation(for: send(index, from: "net"))) }
      #expect(
        try await store.refuse(withChances.reservation(for: send(29, from: "net"))).reasons.map(\.id) == [.netDay])
    },
    ContractClause("no work is asked for where none would help") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.challenge = true
      var refused: [Refusal] = []
      for index in 0..<40 {
        let request = policy.reservation(for: send(index, passed: Refusal.mostRounds))
        if case .refused(let refusal) = try await store.reserve(request).result { refused.append(refusal) }
      }
      #expect(refused.count == 15)
      #expect(refused.allSatisfy { $0.challenge == nil && $0.reasons.map(\.id) == [.sitePace] })
    },
    ContractClause("the pace that was exceeded while watching is no slower once limits are enforced") { fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      // Three times what a day has.
      _ = try await ask(0..<300, in: store, by: watching)
      fixture.clock.advance(day * 3 / 2)
      _ = try await store.admit(policy.reservation(for: send(400)))
    },
    ContractClause("what is given back is given back to whom it was counted for") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.challenge = true
      // Two strangers, and then the first of them again, who has left something unverified.
      let first = try await store.admit(policy.reservation(for: send(0))).reservation
      _ = try await store.admit(policy.reservation(for: send(1)))
      let again = try await store.admit(policy.reservation(for: send(2, from: "visitor 0"))).reservation
      let share = try #require(policy.share(ofSite: Keys.site))
      #expect(try await store.overview(of: share, by: policy).tokens == 22)
      #expect(try await store.overview(of: share, by: policy).toStrangers == 2)
      #expect(try await store.release(again).isDone)
      #expect(try await store.overview(of: share, by: policy).tokens == 23)
      #expect(try await store.overview(of: share, by: policy).toStrangers == 2)
      #expect(try await store.release(first).isDone)
      #expect(try await store.overview(of: share, by: policy).tokens == 24)
      #expect(try await store.overview(of: share, by: policy).toStrangers == 1)
    },
    ContractClause("a form that no person has filled in sends nothing, and counts against its address and browser") {
      fixture in
      let store = try fixture.open()
      let policy = only([
        .addressHour: Limit(2, per: .seconds(3600)), .netDay: Limit(2, per: day), .browserHour: plenty,
        .siteDay: plenty, .countryHour: plenty,
      ])
      let automated = SendIntent(
        number: Keys.number("436601234567"), visitor: Keys.visitor("anna"), looksAutomated: true)
      let request = policy.reservation(for: automated)
      for _ in 0..<5 {
        #expect(try await store.refuse(request).reasons.map(\.id) == [.formAutomated])
      }
      let counts = try await store.counts(of: request.rules + request.untrustedRules)
      #expect(
        counts.filter { $0.count > 0 }.map { "\($0.id.rawValue) \($0.count)" }.sorted()
          == ["address.hour 2", "browser.hour 5"])
      _ = try await store.refuse(policy.reservation(for: Keys.send(by: "anna")))
    },
  ]
}
