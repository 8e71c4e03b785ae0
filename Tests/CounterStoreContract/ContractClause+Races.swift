import Limits
import Testing

extension ContractClause {
  /// Many at once.
  static let races = [
    ContractClause("ten thousand sends in parallel, through three stores: the budget exactly") { fixture in
      let stores = try (0..<3).map { _ in try fixture.open() }
      let policy = only([.siteHour: Limit(200, per: .seconds(3600)), .siteDay: Limit(1000, per: .seconds(86_400))])
      let admitted = try await count(10_000) { index in
        let send = Keys.send("43660\(1_000_000 + index)", by: "\(index)", nonce: "\(index)")
        guard case .permitted = try await stores[index % 3].reserve(policy.reservation(for: send)).result else {
          return false
        }
        return true
      }
      #expect(admitted == 200)
      #expect(try await stores[0].counts(of: policy.rulesOfSite()).map(\.count) == [200, 200])
    },
    ContractClause("a thousand sends of one form in parallel: one") { fixture in
      let stores = try (0..<3).map { _ in try fixture.open() }
      let policy = only([.siteHour: plenty])
      let admitted = try await count(1000) { index in
        let request = policy.reservation(for: Keys.send(by: "\(index)", nonce: "form"))
        switch try await stores[index % 3].reserve(request).result {
        case .permitted: return true
        case .replayed(.pending): return false
        case let other:
          Issue.record("\(other)")
          return false
        }
      }
      #expect(admitted == 1)
    },
    ContractClause("ten thousand right PINs for one request in parallel: one success") { fixture in
      let stores = try (0..<3).map { _ in try fixture.open() }
      let policy = only([.siteWrongHour: plenty])
      let attempt = Keys.attempt()
      let successes = try await count(10_000) { index in
        let store = stores[index % 3]
        switch try await store.reserve(policy.reservation(for: attempt)).result {
        case .permitted(let permit):
          return try await store.consume(policy.oneTimeUse(for: attempt, permit.reservation)).isDone
        case .consumed: return false
        case let other:
          Issue.record("\(other)")
          return false
        }
      }
      #expect(successes == 1)
    },
    ContractClause("a thousand returns of one reservation in parallel: one") { fixture in
      let stores = try (0..<3).map { _ in try fixture.open() }
      let policy = only([.siteHour: plenty])
      _ = try await stores[0].admit(policy.reservation(for: Keys.send()))
      let reservation = try await stores[0].admit(policy.reservation(for: Keys.send())).reservation
      let returned = try await count(1000) { index in try await stores[index % 3].release(reservation).isDone }
      #expect(returned == 1)
      #expect(try await stores[0].counts(of: policy.rulesOfSite()).map(\.count) == [1])
    },
  ]

  /// Two hundred at a time: a store answers more than it can do within its timeout with `store.busy`, rightly.
  private static func count(_ times: Int, _ body: @escaping @Sendable (Int) async throws -> Bool) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<200 {
        group.addTask {
          var count = 0
          for index in stride(from: worker, to: times, by: 200) where try await body(index) { count += 1 }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
