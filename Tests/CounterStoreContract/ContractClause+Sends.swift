import Limits
import Testing

extension ContractClause {
  private static var policy: LimitsPolicy {
    var policy = only([.siteHour: plenty, .numberDay: Limit(10, per: .seconds(86_400))])
    policy.gaps = [.seconds(60), .seconds(120)]
    policy.resendGaps = policy.gaps
    return policy
  }

  private static func repeated(
    _ store: any CounterStore, _ send: SendIntent, _ location: SourceLocation = #_sourceLocation
  ) async throws -> Repeat? {
    let verdict = try await store.charge(policy.charge(for: send)).verdict
    guard case .repeated(let answer) = verdict else {
      Issue.record("not a repeat: \(verdict)", sourceLocation: location)
      return nil
    }
    return answer
  }

  /// Forms that are sent twice, ends, and what is given back.
  static let sends = [
    ContractClause("a form that is sent twice gets the first answer and is charged once") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      let receipt = try await store.admit(policy.charge(for: form)).receipt
      #expect(try await repeated(store, form) == .inFlight)
      #expect(try await store.finish(receipt, answer: [1, 2, 3], wasSent: true).isDone)
      #expect(try await repeated(store, form) == .answered([1, 2, 3]))
      // From another browser too, and with another number in it: a form is a form.
      #expect(try await repeated(store, Keys.send("436607654321", by: "berta", nonce: "form")) == .answered([1, 2, 3]))
      #expect(try await store.counts(of: policy.rulesOfSite(), guards: []).map(\.count) == [1])
    },
    ContractClause("a number has room for the longest answers in all of its browsers") {
      fixture in
      let store = try fixture.open()
      let policy = only([.siteHour: plenty])
      let answer = [UInt8](repeating: 7, count: 4096)
      for name in 1...20 {
        let sends = [Keys.send(by: "\(name)"), Keys.send(by: "\(name)")]
        var receipts: [Receipt] = []
        for send in sends { receipts.append(try await store.admit(policy.charge(for: send)).receipt) }
        for receipt in receipts.reversed() { try await store.finish(receipt, answer: answer, wasSent: true) }
      }
      let last = policy.charge(for: Keys.send(by: "20")).pair
      #expect(try await store.answer(nonce: nil, pair: last) == .answered(answer))
    },
    ContractClause("a form is remembered for as long as was said, and not longer") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      let receipt = try await store.admit(policy.charge(for: form)).receipt
      try await store.finish(receipt, answer: [], wasSent: true)
      fixture.clock.advance(policy.nonceLife - .milliseconds(1))
      #expect(try await repeated(store, form) == .answered([]))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.charge(for: form))
    },
    ContractClause("the same number in the same browser gets the running request until the gap is over") { fixture in
      let store = try fixture.open()
      let receipt = try await store.admit(policy.charge(for: Keys.send())).receipt
      #expect(try await repeated(store, Keys.send()) == .inFlight)
      #expect(try await store.answer(nonce: nil, pair: receipt.pair) == .inFlight)
      try await store.finish(receipt, answer: [7], wasSent: true)
      #expect(try await store.answer(nonce: nil, pair: receipt.pair) == .answered([7]))
      fixture.clock.advance(.milliseconds(59_999))
      #expect(try await repeated(store, Keys.send(nonce: "a new form")) == .answered([7]))
      fixture.clock.advance(.milliseconds(1))
      _ = try await store.admit(policy.charge(for: Keys.send()))
    },
    ContractClause("another browser with the same number is told nothing of the running request") { fixture in
      let store = try fixture.open()
      let receipt = try await store.admit(policy.charge(for: Keys.send())).receipt
      try await store.finish(receipt, answer: [7], wasSent: true)
      #expect(try await store.refuse(policy.charge(for: Keys.send(by: "berta"))).retryAfter == .seconds(60))
      let pair = Charge.Pair(number: Keys.number("436601234567").number, browser: Keys.visitor("berta").browser)
      #expect(try await store.answer(nonce: nil, pair: pair) == nil)
    },
    ContractClause("the newest answer to a number in a browser counts") { fixture in
      let store = try fixture.open()
      try await store.finish(try await store.admit(policy.charge(for: Keys.send())).receipt, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(60))
      let again = Keys.send(nonce: "2", resendOf: "1")
      try await store.finish(try await store.admit(policy.charge(for: again)).receipt, answer: [2], wasSent: true)
      #expect(try await repeated(store, Keys.send()) == .answered([2]))
    },
    ContractClause("a send that never ended is lost, and stays charged") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      _ = try await store.admit(policy.charge(for: form))
      fixture.clock.advance(policy.flight - .milliseconds(1))
      #expect(try await repeated(store, form) == .inFlight)
      fixture.clock.advance(.milliseconds(1))
      #expect(try await repeated(store, form) == .lost)
      #expect(try await store.counts(of: policy.rulesOfSite(), guards: []).map(\.count) == [1])
    },
    ContractClause("what is given back is given back to every row, once") { fixture in
      let store = try fixture.open()
      let policy = LimitsPolicy()
      let form = Keys.send(nonce: "form", resendOf: "1")
      let charge = policy.charge(for: form)
      let receipt = try await store.admit(charge).receipt
      let rules = charge.rules + charge.strangerRules
      #expect(rules.count == 14)
      #expect(try await store.counts(of: rules, guards: charge.guards).allSatisfy { $0.count == 1 })
      #expect(try await store.refund(receipt).isDone)
      #expect(try await store.counts(of: rules, guards: charge.guards).allSatisfy { $0.count == 0 })
      let second = try await store.admit(charge).receipt
      #expect(try await store.refund(receipt).isDone == false)
      #expect(try await store.finish(receipt, answer: [9], wasSent: true).isDone == false)
      #expect(try await store.answer(nonce: form.nonce, pair: charge.pair) == .inFlight)
      #expect(try await store.finish(second, answer: [2], wasSent: true).isDone)
      #expect(try await store.refund(second).isDone == false)
      #expect(try await store.counts(of: rules, guards: charge.guards).allSatisfy { $0.count == 1 })
    },
    ContractClause("without its asker it is given back to all rows but those of the asker, and the form is good again")
    {
      fixture in
      let store = try fixture.open()
      let charge = LimitsPolicy().charge(for: Keys.send(nonce: "form", resendOf: "1"))
      let receipt = try await store.admit(charge).receipt
      #expect(try await store.refund(receipt.withoutAsker).isDone)
      let counts = try await store.counts(of: charge.rules + charge.strangerRules, guards: charge.guards)
      #expect(
        Set(counts.filter { $0.count == 1 }.map(\.row))
          == [.addressMinute, .addressHour, .addressDay, .netHour, .browserHour])
      #expect(counts.allSatisfy { $0.count <= 1 })
      #expect(try await store.refund(receipt).isDone == false)
      _ = try await store.admit(charge)
    },
    ContractClause("what was verified is not sent again") { fixture in
      let store = try fixture.open()
      try await verify(store, policy, by: "anna", attempt: "1")
      fixture.clock.advance(.seconds(60))
      var again = policy.charge(for: Keys.send(nonce: "2", resendOf: "1"))
      again.claim = Keys.key("code1")
      #expect(try await store.charge(again).verdict == .used)
      again.claim = Keys.key("code2")
      _ = try await store.admit(again)
    },
    ContractClause("giving back late takes nothing from the charges of others") { fixture in
      let store = try fixture.open()
      let policy = only([.addressMinute: Limit(2, per: .seconds(60))])
      let charge = policy.charge(for: Keys.send())
      let rules = policy.rules(ofAddress: Keys.visitor("anna").address, net: Keys.visitor("anna").net)
      let first = try await store.admit(charge).receipt
      fixture.clock.advance(.seconds(59))
      _ = try await store.admit(charge)
      fixture.clock.advance(.seconds(1))
      #expect(try await store.refund(first).isDone)
      #expect(try await store.counts(of: rules, guards: []).map(\.count) == [1])
      // Nor after the owner has cleared the row.
      let third = try await store.admit(charge).receipt
      fixture.clock.advance(.seconds(1))
      try await store.clear(rules, guards: [])
      _ = try await store.admit(charge)
      #expect(try await store.refund(third).isDone)
      #expect(try await store.counts(of: rules, guards: []).map(\.count) == [1])
    },
    ContractClause("after an hour a receipt is worth nothing") { fixture in
      let store = try fixture.open()
      let receipt = try await store.admit(policy.charge(for: Keys.send())).receipt
      fixture.clock.advance(.seconds(3600) - .milliseconds(1))
      let copy = try await store.admit(policy.charge(for: Keys.send("436607654321"))).receipt
      #expect(try await store.refund(receipt).isDone)
      fixture.clock.advance(.seconds(3600))
      #expect(try await store.refund(copy).isDone == false)
    },
    ContractClause("a form is good again after its send was given back") { fixture in
      let store = try fixture.open()
      let form = Keys.send(nonce: "form")
      try await store.refund(try await store.admit(policy.charge(for: form)).receipt)
      #expect(try await store.answer(nonce: form.nonce, pair: policy.charge(for: form).pair) == nil)
      _ = try await store.admit(policy.charge(for: form))
    },
    ContractClause("a resend that is given back leaves the first message's answer where it was") { fixture in
      let store = try fixture.open()
      try await store.finish(try await store.admit(policy.charge(for: Keys.send())).receipt, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(60))
      let again = try await store.admit(policy.charge(for: Keys.send(nonce: "2", resendOf: "1"))).receipt
      #expect(try await store.answer(nonce: nil, pair: again.pair) == .inFlight)
      #expect(try await store.refund(again).isDone)
      #expect(try await store.answer(nonce: nil, pair: again.pair) == .answered([1]))
      // And whoever asks for a message within the gap of another send of theirs gets it.
      let third = try await store.admit(policy.charge(for: Keys.send(nonce: "3", resendOf: "1"))).receipt
      try await store.finish(third, answer: [3], wasSent: true)
      #expect(try await repeated(store, Keys.send()) == .answered([3]))
    },
    ContractClause("within the gap a resend that is given back is as if it had never been") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.resendGaps = [.seconds(30)]
      try await store.finish(try await store.admit(policy.charge(for: Keys.send())).receipt, answer: [1], wasSent: true)
      fixture.clock.advance(.seconds(30))
      let again = policy.charge(for: Keys.send(nonce: "2", resendOf: "1"))
      #expect(try await store.refund(try await store.admit(again).receipt).isDone)
      #expect(try await repeated(store, Keys.send()) == .answered([1]))
      #expect(try await store.refund(try await store.admit(again).receipt).isDone)
      #expect(try await repeated(store, Keys.send()) == .answered([1]))
    },
    ContractClause("of two sends that end in the wrong order none is forgotten") { fixture in
      let store = try fixture.open()
      var policy = policy
      policy.gaps = []
      policy.resendGaps = []
      let first = try await store.admit(policy.charge(for: Keys.send(nonce: "1"))).receipt
      let second = try await store.admit(policy.charge(for: Keys.send(nonce: "2", resendOf: "1"))).receipt
      #expect(try await store.finish(first, answer: [1], wasSent: true).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .inFlight)
      #expect(try await store.refund(second).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .answered([1]))

      let third = try await store.admit(policy.charge(for: Keys.send(nonce: "3", resendOf: "1"))).receipt
      let fourth = try await store.admit(policy.charge(for: Keys.send(nonce: "4", resendOf: "1"))).receipt
      #expect(try await store.refund(third).isDone)
      #expect(try await store.refund(fourth).isDone)
      #expect(try await store.answer(nonce: nil, pair: first.pair) == .answered([1]))
    },
    ContractClause("while watching, a form still sends once") { fixture in
      let store = try fixture.open()
      var watching = policy
      watching.mode = .watch
      let form = watching.charge(for: Keys.send(nonce: "form"))
      try await store.finish(try await store.admit(form).receipt, answer: [1], wasSent: true)
      #expect(try await store.charge(form).verdict == .repeated(.answered([1])))
    },
  ]
}
