import Limits
import Testing

extension ContractClause {
  /// Clocks that are set.
  static let time =
    [-1, 1].flatMap { days in
      [
        ContractClause("a wall clock that is set by \(days) day gives no extra send and no longer wait") { fixture in
          let store = try fixture.open()
          let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
          _ = try await store.admit(request)
          fixture.clock.advance(.seconds(600))
          fixture.clock.stepWall(.days(days))
          #expect(try await store.refuse(request).retryAfter == .seconds(3000))
          #expect(try await fixture.open().refuse(request).retryAfter == .seconds(3000))
          fixture.clock.stepWall(.days(-days))
          fixture.clock.advance(.seconds(3000))
          fixture.clock.stepWall(.days(days))
          _ = try await store.admit(request)
          #expect(try await store.refuse(request).retryAfter == .seconds(3600))
        }
      ]
    } + [
      ContractClause("a boot goes on where the wall clock says, and never back") { fixture in
        let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
        _ = try await fixture.open().admit(request)
        fixture.clock.reboot(after: .seconds(600), boot: "boot 2")
        #expect(try await fixture.open().refuse(request).retryAfter == .seconds(3000))
        // A machine that comes up in the past waits on, but not for ever.
        fixture.clock.reboot(after: .days(-10_000), boot: "boot 3")
        let wait = try #require(try await fixture.open().refuse(request).retryAfter)
        #expect(wait <= .seconds(3600))
        fixture.clock.advance(.seconds(3600))
        _ = try await fixture.open().admit(request)
      },
      ContractClause("a wall clock that was a day behind before a boot and is right after it skips no time") {
        fixture in
        let request = only([.siteHour: Limit(1, per: .days(10))]).reservation(for: Keys.send())
        for (behind, passed) in [(1, 0.5), (1, 3)] {
          let store = try fixture.open()
          _ = try await store.admit(request)
          fixture.clock.stepWall(.days(-behind))
          fixture.clock.advance(.seconds(86_400) * passed)
          _ = try await store.admit(only([:]).reservation(for: Keys.send("436607654321", by: "\(passed)")))
          fixture.clock.reboot(after: .days(behind), boot: "boot after \(passed)")
          let wait = .days(10) - .seconds(86_400) * passed
          #expect(try await fixture.open().refuse(request).retryAfter == wait)
          fixture.clock.advance(wait)
        }
        _ = try await fixture.open().admit(request)
      },
      ContractClause("clocks that were read late, in any order, do not make time run faster") { fixture in
        let store = try fixture.open()
        let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
        _ = try await store.admit(request)
        let others = only([:])
        for index in 0..<100 {
          fixture.clock.advance(.milliseconds(500))
          _ = try await store.admit(others.reservation(for: Keys.send(by: "\(index)")))
          fixture.clock.advance(.milliseconds(-500))
          _ = try await store.admit(others.reservation(for: Keys.send(by: "late \(index)")))
        }
        #expect(try await store.refuse(request).retryAfter == .milliseconds(3_599_500))
      },
      ContractClause("two running copies of a machine, an hour apart, do not make time run faster") { fixture in
        let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
        let store = try fixture.open()
        _ = try await store.admit(request)
        let others = only([:])
        for index in 1...10 {
          fixture.clock.advance(.seconds(10))
          fixture.clock.stepBoot(.seconds(-3600))
          _ = try await store.admit(others.reservation(for: Keys.send(by: "behind \(index)")))
          fixture.clock.stepBoot(.seconds(3600))
          _ = try await store.admit(others.reservation(for: Keys.send(by: "ahead \(index)")))
          #expect(try await store.refuse(request).retryAfter == .seconds(3600 - 10 * index))
        }
      },
      ContractClause("five running copies of a machine, ten minutes apart, do not make time run faster") { fixture in
        let others = only([:])
        for (round, order) in [Array(0..<5), (0..<5).reversed()].enumerated() {
          fixture.clock.reboot(after: .seconds(60), boot: "boot of round \(round)")
          let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
          let store = try fixture.open()
          _ = try await store.admit(request)
          for index in 1...10 {
            fixture.clock.advance(.seconds(10))
            for copy in order {
              fixture.clock.stepBoot(.seconds(600 * copy))
              _ = try await store.admit(others.reservation(for: Keys.send(by: "\(round) \(index) \(copy)")))
              fixture.clock.stepBoot(.seconds(-600 * copy))
            }
            #expect(try await store.refuse(request).retryAfter == .seconds(3600 - 10 * index))
          }
          fixture.clock.advance(.seconds(3600))
        }
      },
      ContractClause("a boot clock that went back, as in a restored copy, does not stop time") { fixture in
        let request = only([.siteHour: Limit(1, per: .seconds(3600))]).reservation(for: Keys.send())
        fixture.clock.advance(.days(30))
        _ = try await fixture.open().admit(request)
        fixture.clock.reboot(after: .seconds(60), boot: "boot 1")
        _ = try await fixture.open().refuse(request)
        fixture.clock.advance(.seconds(3600))
        _ = try await fixture.open().admit(request)
      },
    ]
}
