import Limits
internal import Support
import Testing

extension ContractClause {
  /// Each row alone: its limit is admitted, one more is not, and both sides of the wait are right.
  static let limits =
    LimitsPolicy.defaults.keys.sorted { $0.rawValue < $1.rawValue }.map { row in
      ContractClause("\(row.rawValue): the limit is admitted, one more is not, until exactly the time that was told") {
        fixture in
        let store = try fixture.open()
        let limit = LimitsPolicy.defaults[row]!
        let request = reserve(of: row, limit)
        for index in 1...limit.count {
          let permit = try await store.admit(request)
          #expect(permit.left[row] == limit.count - index)
          #expect((permit.next == .zero) == (index < limit.count))
          fixture.clock.advance(.milliseconds(3))
        }
        let refusal = try await store.refuse(request)
        #expect(refusal.reasons.map(\.id) == [row])
        guard let window = limit.window else {
          #expect(refusal.retryAfter == nil)
          fixture.clock.advance(.days(400))
          _ = try await store.refuse(request)
          return
        }
        let wait = try #require(refusal.retryAfter)
        #expect(wait > window - .milliseconds(3 * limit.count + 3) && wait <= window)
        fixture.clock.advance(wait - .milliseconds(1))
        #expect(try await store.refuse(request).retryAfter == .milliseconds(1))
        fixture.clock.advance(.milliseconds(1))
        _ = try await store.admit(request)
      }
    } + [
      ContractClause("another key of the same row is not affected") { fixture in
        let store = try fixture.open()
        let policy = only([.addressMinute: Limit(1, per: .seconds(60))])
        _ = try await store.admit(policy.reservation(for: Keys.send(by: "anna")))
        _ = try await store.refuse(policy.reservation(for: Keys.send("436607654321", by: "anna")))
        _ = try await store.admit(policy.reservation(for: Keys.send("436607654321", by: "berta")))
      },
      ContractClause("a reservation that one limit refuses is added to none") { fixture in
        let store = try fixture.open()
        let policy = only([.browserHour: Limit(1, per: .seconds(3600)), .siteHour: plenty, .countryHour: plenty])
        _ = try await store.admit(policy.reservation(for: Keys.send()))
        for _ in 0..<5 { _ = try await store.refuse(policy.reservation(for: Keys.send())) }
        #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [1])
      },
      ContractClause("a limit of nothing admits nothing, for ever") { fixture in
        let store = try fixture.open()
        let request = only([.siteHour: Limit(0, per: .seconds(3600))]).reservation(for: Keys.send())
        #expect(try await store.refuse(request).retryAfter == nil)
      },
      ContractClause("a lower limit holds at once for what was counted under a higher one") { fixture in
        let store = try fixture.open()
        for _ in 0..<5 {
          _ = try await store.admit(only([.siteHour: plenty]).reservation(for: Keys.send()))
          fixture.clock.advance(.seconds(60))
        }
        let request = only([.siteHour: Limit(2, per: .seconds(3600))]).reservation(for: Keys.send())
        // Four of the five have to leave: the fourth was counted two minutes ago.
        #expect(try await store.refuse(request).retryAfter == .seconds(3600 - 120))
      },
      ContractClause("the longest wait comes first, and is the one to be told") { fixture in
        let store = try fixture.open()
        let policy = only([.addressMinute: Limit(1, per: .seconds(60)), .siteDay: Limit(1, per: .seconds(86_400))])
        _ = try await store.admit(policy.reservation(for: Keys.send()))
        let refusal = try await store.refuse(policy.reservation(for: Keys.send()))
        #expect(refusal.reasons.map(\.id) == [.siteDay, .addressMinute])
        #expect(refusal.retryAfter == .seconds(86_400))
      },
      ContractClause("no window of any counter ever holds more than the limit, under a random load") { fixture in
        let store = try fixture.open()
        let limit = Limit(100, per: .seconds(60))
        let request = only([.siteHour: limit]).reservation(for: Keys.send())
        var random = SeededRandom(seed: 7)
        var admitted: [Int] = []
        var now = 0
        for _ in 0..<1500 {
          let step = Int(random.next() % 700)
          fixture.clock.advance(.milliseconds(step))
          now += step
          switch try await store.reserve(request).result {
          case .permitted: admitted.append(now)
          case .refused(let refusal):
            // Told to wait at most a 60th longer than must be.
            let mustWait = admitted[admitted.count - limit.count] + 60_000 - now
            let wait = try #require(refusal.retryAfter)
            #expect(wait >= .milliseconds(mustWait) && wait <= .milliseconds(mustWait + 1000))
          default: Issue.record("neither admitted nor refused")
          }
        }
        for (index, time) in admitted.enumerated() where index >= limit.count {
          #expect(time - admitted[index - limit.count] >= 60_000)
        }
        #expect(admitted.count > 500)
      },
      ContractClause("watching refuses nothing, counts everything and says what it would refuse") { fixture in
        let store = try fixture.open()
        var policy = only([.siteHour: Limit(1, per: .seconds(3600))])
        policy.mode = .watch
        #expect(try await store.admit(policy.reservation(for: Keys.send())).wouldRefuse == nil)
        for _ in 0..<2 {
          let refusal = try await store.admit(policy.reservation(for: Keys.send())).wouldRefuse
          #expect(refusal?.reasons.map(\.id) == [.siteHour])
        }
        #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [3])
        policy.mode = .enforce
        #expect(try await store.refuse(policy.reservation(for: Keys.send())).retryAfter == .seconds(3600))
      },
      ContractClause("what a process that has just begun reserves under a limit that has just expired is counted") {
        fixture in
        let request = only([.siteHour: Limit(1, per: .seconds(3600)), .addressMinute: Limit(1, per: .seconds(60))])
          .reservation(for: Keys.send())
        for wait in [3600, 86_400, 86_400 * 30, 3600] {
          _ = try await fixture.open().admit(request)
          #expect(try await fixture.open().refuse(request).retryAfter == .seconds(3600))
          fixture.clock.advance(.seconds(wait))
        }
      },
      ContractClause("each alarm of the budget is raised once in a window, with the reservation that reaches it") {
        fixture in
        let store = try fixture.open()
        var policy = only([.siteHour: Limit(10, per: .seconds(3600))])
        policy.alarms = [50, 80, 100]
        var raised: [Int: Int] = [:]
        for index in 1...10 {
          for notice in try await store.reserve(policy.reservation(for: Keys.send())).notices {
            guard case .reached(.siteHour, let percent, index, 10) = notice else {
              Issue.record("\(notice)")
              continue
            }
            raised[percent] = index
          }
          fixture.clock.advance(.seconds(300))
        }
        #expect(raised == [50: 5, 80: 8, 100: 10])
        // As the window rolls on, the count goes from 10 to 9 and back to 10: the alarms stay silent.
        fixture.clock.advance(.seconds(900))
        #expect(try await store.reserve(policy.reservation(for: Keys.send())).notices == [])
        // An hour after 50 % rang it may ring again, and does.
        fixture.clock.advance(.seconds(900))
        #expect(
          try await store.reserve(policy.reservation(for: Keys.send())).notices
            == [.reached(.siteHour, percent: 50, count: 7, limit: 10)])
      },
      ContractClause("where a part of the budget is kept for trusted browsers, the alarms are still of the whole") {
        fixture in
        let store = try fixture.open()
        var policy = only([.siteHour: Limit(10, per: .seconds(3600)), .trustedHour: plenty])
        policy.reserve = 30
        try await verify(store, policy, by: "owner", attempt: "1")
        policy.alarms = [50, 80, 100]
        var notices: [LimitNotice] = []
        for name in (0..<6).map({ "stranger \($0)" }) + Array(repeating: "owner", count: 3) {
          notices += try await store.reserve(policy.reservation(for: Keys.send(by: name))).notices
        }
        #expect(
          notices == [(50, 5), (80, 8), (100, 10)].map { .reached(.siteHour, percent: $0, count: $1, limit: 10) })
      },
    ]

  /// A reservation in which only this limit counts.
  private static func reserve(of row: LimitID, _ limit: Limit) -> ReservationRequest {
    let rule = Rule(row, Keys.key("subject"), limit)
    return ReservationRequest(
      pair: ReservationRequest.Pair(number: Keys.key("number"), browser: Keys.key("browser")), rules: [rule])
  }
}

extension Duration {
  static func days(_ days: Int) -> Duration { .seconds(86_400 * days) }
}
