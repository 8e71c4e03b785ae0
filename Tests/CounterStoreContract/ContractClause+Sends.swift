import Limits
import Testing

extension ContractClause {
  private static var policy: LimitsPolicy {
    var policy = only([.siteHour: plenty, .numberDay: Limit(10, per: .seconds(86_400))])
    policy.cooldowns = [.seconds(60), .seconds(120)]
    policy.resendCooldowns = policy.cooldowns
    return policy
  }

  private static func repeated(
    _ store: any CounterStore & StoreAdmin, _ send: SendIntent, _ location: SourceLocation = #_sourceLocation
  ) async throws -> IdempotentReplay? {
    let result = try await store.reserve(policy.reservation(for: send)).result
    guard case .replayed(let answer) = result else {
      Issue.record("not a repeat: \(result)", sourceLocation: location)
      return nil
    }
    return answer
  }

  /// Forms that are sent twice, ends, and what is given back.
  static let sends = [
    ContractClause("a form that is sent twice gets the first answer and is counted once") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      let reservation = try await store.admit(policy.reservation(for: form)).reservation
      #expect(try await repeated(store, form) == .pending)
      #expect(try await store.commit(reservation, answer: [1, 2, 3], wasSent: true).isDone)
      #expect(try await repeated(store, form) == .answered([1, 2, 3]))
      // From another browser too, and with another number in it: a form is a form.
      #expect(try await repeated(store, Keys.send("436607654321", by: "berta", nonce: "form")) == .answered([1, 2, 3]))
      #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [1])
    },
    ContractClause("a number has room for the longest answers in all of its browsers") {
      fixture in
      let store = try fixture.open()
      let policy = only([.siteHour: plenty])
      let answer = [UInt8](repeating: 7, count: 4096)
      for name in 1...20 {
        let sends = [Keys.send(by: "\(name)"), Keys.send(by: "\(name)")]
        var reservations: [Reservation] = []
        for send in sends { reservations.append(try await store.admit(policy.reservation(for: send)).reservation) }
        for reservation in reservations.reversed() {
          try await store.commit(reservation, answer: answer, wasSent: true)
        }
      }
      let last = policy.reservation(for: Keys.send(by: "20")).pair
      #expect(try await store.answer(nonce: nil, pair: last) == .answered(answer))
    },
    ContractClause("a form is remembered for as long as was said, and not longer") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      let reservation = try await store.admit(policy.reservation(for: form)).reservation
      try await store.commit(reservation, answer: [], wasSent: true)
      fixture.clock.advance(policy.nonceLife - .milliseconds(1))
      #expect(try await repeated(store, form) == .answered([]))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.reservation(for: form))
    },
    ContractClause("the same number in the same browser gets the running request until the cooldown is over") {
      fixture in
      let store = try fixture.open()
      let reservation = try await store.admit(policy.reservation(for: Keys.send())).reservation
      #expect(try await repeated(store, Keys.send()) == .pending)
      #expect(try await store.answer(nonce: nil, pair: reservation.pair) == .pending)
      try await store.commit(reservation, answer: [7], wasSent: true)
      #expect(try await store.answer(nonce: nil, pair: reservation.pair) == .answered([7]))
      fixture.clock.advance(.milliseconds(59_999))
      #expect(try await repeated(store, Keys.send(nonce: "a new form")) == .answered([7]))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.reservation(for: Keys.send()))
    },
    ContractClause("another browser with the same number is told nothing of the running request") { fixture in
      let store = try fixture.open()
      let reservation = try await store.admit(policy.reservation(for: Keys.send())).reservation
      try await store.commit(reservation, answer: [7], wasSent: true)
      #expect(try await store.refuse(policy.reservation(for: Keys.send(by: "berta"))).retryAfter == .seconds(60))
      let pair = ReservationRequest.Pair(
        number: Keys.number("436601234567").number, browser: Keys.visitor("berta").browser)
      #expect(try await store.answer(nonce: nil, pair: pair) == nil)
    },
    ContractClause("the newest answer to a number in a browser counts") { fixture in
      let store = try fixture.open()
      try await store.commit(
        try await store.admit(policy.reservation(for: Keys.send())).reservation, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(60))
      let again = Keys.send(nonce: "2", resendOf: "1")
      try await store.commit(
        try await store.admit(policy.reservation(for: again)).reservation, answer: [2], wasSent: true)
      #expect(try await repeated(store, Keys.send()) == .answered([2]))
    },
    ContractClause("a send that never ended is lost, and stays counted") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      _ = try await store.admit(policy.reservation(for: form))
      fixture.clock.advance(policy.sendTimeout - .milliseconds(1))
      #expect(try await repeated(store, form) == .pending)
      fixture.clock.advance(.milliseconds(1))
      #expect(try await repeated(store, form) == .lost)
      #expect(try await store.counts(of: policy.rulesOfSite()).map(\.count) == [1])
    },
    ContractClause("what is given back is given back to every limit, once") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      let form = Keys.send(nonce: "form", resendOf: "1")
      let request = policy.reservation(for: form)
      let reservation = try await store.admit(request).reservation
      let rules = request.rules + request.untrustedRules
      #expect(rules.count == 15)
      #expect(try await store.show(rules, rations: request.rations).allSatisfy { $0.count == 1 })
      #expect(try await store.release(reservation).isDone)
      #expect(try await store.show(rules, rations: request.rations).allSatisfy { $0.count == 0 })
      let second = try await store.admit(request).reservation
      #expect(try await store.release(reservation).isDone == false)
      #expect(try await store.commit(reservation, answer: [9], wasSent: true).isDone == false)
      #expect(try await store.answer(nonce: form.nonce, pair: request.pair) == .pending)
      #expect(try await store.commit(second, answer: [2], wasSent: true).isDone)
      #expect(try await store.release(second).isDone == false)
      #expect(try await store.show(rules, rations: request.rations).allSatisfy { $0.count == 1 })
    },
    ContractClause("without its asker it is given back to all rows but those of the asker, and the form is good again")
    {
      fixture in
      let store = try fixture.open()
      let request = LimitsPolicy().reservation(for: Keys.send(nonce: "form", resendOf: "1"))
      let reservation = try await store.admit(request).reservation
      #expect(try await store.release(reservation.withoutAsker).isDone)
      let counts = try await store.show(request.rules + request.untrustedRules, rations: request.rations)
      #expect(
        Set(counts.filter { $0.count == 1 }.map(\.id))
          == [.addressMinute, .addressHour, .addressDay, .netHour, .netDay, .browserHour])
      #expect(counts.allSatisfy { $0.count <= 1 })
      #expect(try await store.release(reservation).isDone == false)
      _ = try await store.admit(request)
    },
    ContractClause("what was verified is not sent again") { fixture in
      let store = try fixture.open()
      try await verify(store, policy, by: "anna", attempt: "1")
      fixture.clock.advance(.seconds(60))
      var again = policy.reservation(for: Keys.send(nonce: "2", resendOf: "1"))
      again.oneTimeKey = Keys.key("code1")
      #expect(try await store.reserve(again).result == .consumed)
      again.oneTimeKey = Keys.key("code2")
      _ = try await store.admit(again)
    },
    ContractClause("giving back late takes nothing from the reservations of others") { fixture in
      let store = try fixture.open()
      let policy = only([.addressMinute: Limit(2, per: .seconds(60))])
      let request = policy.reservation(for: Keys.send())
      let rules = policy.rules(ofAddress: Keys.visitor("anna").address, net: Keys.visitor("anna").net)
      let first = try await store.admit(request).reservation
      fixture.clock.advance(.seconds(59))
      _ = try await store.admit(request)
      fixture.clock.advance(.seconds(1))
      #expect(try await store.release(first).isDone)
      #expect(try await store.counts(of: rules).map(\.count) == [1])
      // Nor after the owner has cleared the row.
      let third = try await store.admit(request).reservation
      fixture.clock.advance(.seconds(1))
      try await store.clear(rules, rations: [])
      _ = try await store.admit(request)
      #expect(try await store.release(third).isDone)
      #expect(try await store.counts(of: rules).map(\.count) == [1])
    },
    ContractClause("after an hour a reservation is worth nothing") { fixture in
      let store = try fixture.open()
      let reservation = try await store.admit(policy.reservation(for: Keys.send())).reservation
      fixture.clock.advance(.seconds(3600) - .milliseconds(1))
      let copy = try await store.admit(policy.reservation(for: Keys.send("436607654321"))).reservation
      #expect(try await store.release(reservation).isDone)
      fixture.clock.advance(.seconds(3600))
      #expect(try await store.release(copy).isDone == false)
    },
    ContractClause("a form is good again after its send was given back") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      try await store.release(try await store.admit(policy.reservation(for: form)).reservation)
      #expect(try await store.answer(nonce: form.nonce, pair: policy.reservation(for: form).pair) == nil)
      _ = try await store.admit(policy.reservation(for: form))
    },
    ContractClause("a resend that is given back leaves the first message's answer where it was") { fixture in
      let store = try fixture.open()
      try await store.commit(
        try await store.admit(policy.reservation(for: Keys.send())).reservation, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(60))
      let again = try await store.admit(policy.reservation(for: Keys.send(nonce: "2", resendOf: "1"))).reservation
      #expect(try await store.answer(nonce: nil, pair: again.pair) == .pending)
      #expect(try await store.release(again).isDone)
      #expect(try await store.answer(nonce: nil, pair: again.pair) == .answered([1]))
      // And whoever asks for a message within the cooldown of another send of theirs gets it.
      let third = try await store.admit(policy.reservation(for: Keys.send(nonce: "3", resendOf: "1"))).reservation
      try await store.commit(third, answer: [3], wasSent: true)
      #expect(try await repeated(store, Keys.send()) == .answered([3]))
    },
    ContractClause("within the cooldown a resend that is given back is as if it had never been") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.resendCooldowns = [.seconds(30)]
      try await store.commit(
        try await store.admit(policy.reservation(for: Keys.send())).reservation, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(30))
      let again = policy.reservation(for: Keys.send(nonce: "2", resendOf: "1"))
      #expect(try await store.release(try await store.admit(again).reservation).isDone)
      #expect(try await repeated(store, Keys.send()) == .answered([1]))
      #expect(try await store.release(try await store.admit(again).reservation).isDone)
      #expect(try await repeated(store, Keys.send()) == .answered([1]))
    },
    ContractClause("of two sends that end in the wrong order none is forgotten") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.cooldowns = []
      policy.resendCooldowns = []
      let first = try await store.admit(policy.reservation(for: Keys.send(nonce: "1"))).reservation
      let second = try await store.admit(policy.reservation(for: Keys.send(nonce: "2", resendOf: "1"))).reservation
      #expect(try await store.commit(first, answer: [1], wasSent: true).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .pending)
      #expect(try await store.release(second).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .answered([1]))

      let third = try await store.admit(policy.reservation(for: Keys.send(nonce: "3", resendOf: "1"))).reservation
      let fourth = try await store.admit(policy.reservation(for: Keys.send(nonce: "4", resendOf: "1"))).reservation
      #expect(try await store.release(third).isDone)
      #expect(try await store.release(fourth).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .answered([1]))
    },
    ContractClause("while watching, a form still sends once") { fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      let form = watching.reservation(for: Keys.send(nonce: "form"))
      try await store.commit(try await store.admit(form).reservation, answer: [1], wasSent: true)
      #expect(try await store.reserve(form).result == .replayed(.answered([1])))
    },
  ]
}
