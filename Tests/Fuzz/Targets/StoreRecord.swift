internal import Limits

@testable internal import LimitEngine

extension FuzzTarget {
  /// A record of a store: it is read or damaged, and reckoning with what was read overflows nowhere; what was read of it,
  /// written again, is the same.
  ///
  /// The first byte says what the rest is.
  static let storeRecord = FuzzTarget(name: "store-record") { input in
    guard let first = input.first else { return }
    let bytes = Array(input.dropFirst())
    // A failure is the answer to what no store wrote.
    switch first % 5 {
    case 0: try (try? RollingCounter(bytes[...])).map(check)
    case 1: try (try? RationState(bytes[...])).map(check)
    case 4: try (try? BudgetState(bytes[...])).map(check)
    case 2: try (try? StoredRecord(key, bytes)).map(check)
    default: try checkLists(bytes)
    }
  }

  private static let key = CounterKey([1, 2, 3, 4])
  private static let times: [Int64] = [0, 1, 1_000_000, 1 << 41, 1 << 53]
  private static let limits = [Limit(1, per: .seconds(60)), Limit(1_000, per: .seconds(86_400)), Limit(3, per: nil)]

  private static func record(_ body: (inout RecordWriter) -> Void) -> ArraySlice<UInt8> {
    var writer = RecordWriter()
    body(&writer)
    return writer.bytes[...]
  }

  private static func check(_ counter: RollingCounter) throws {
    let again = try RollingCounter(record { counter.put(in: &$0) })
    try require(again == counter, "a counter is read as another one")
    for now in times {
      for limit in limits {
        var changed = counter
        changed.trim(to: limit, now: now)
        _ = changed.time(limit, cooldowns: [.seconds(60)], from: now)
        _ = changed.expires(limit)
        let before = changed.total
        changed.add(limit, now: now)
        try require(changed.total == before + 1, "one more is \(changed.total - before) more")
        try require(changed.entries.count <= RollingCounter.mostEntries, "a counter grows")
        _ = changed.raiseAlarms(of: Rule(.siteHour, key, limit, alarms: [50, 80, 100]), now: now)
        changed.remove(at: now, limit, now: now)
        changed.keep(atMost: 2)
        try require(changed.total <= 2, "more are kept than may be")
      }
    }
  }

  private static func check(_ state: RationState) throws {
    let again = try RationState(record { state.put(in: &$0) })
    try require(again == state, "a ration is read as another one")
    let ration = Ration(.countryRation, key, Limit(20, per: .seconds(86_400)), grace: .seconds(180))
    for now in times {
      var changed = state
      _ = changed.time(ration, Credit(), as: .stranger, from: now)
      _ = changed.count(ration, Credit(), now: now)
      _ = changed.begin(ration, now: now)
      _ = changed.send(ration, Credit(), as: .stranger, by: NetList.Net(key: key, sealed: 1), now: now)
      changed.verify(ration, by: key, now: now)
      changed.remove(sendAt: now, ration, by: key, isCharged: true, now: now)
      _ = changed.end(ration, Credit(), now: now)
      _ = changed.expires(ration)
    }
  }

  private static func check(_ state: BudgetState) throws {
    let again = try BudgetState(record { state.put(in: &$0) })
    try require(again == state, "a budget is read as another one")
    let share = BudgetShare(site: key, day: 1000, net: key, offersChallenge: true)
    let asker = BudgetState.Asker(share: share, rank: .stranger, passedChallenge: 0, sends: 7)
    for now in times {
      var changed = state
      _ = changed.note(share, now: now)
      _ = changed.obstacle(asker, now: now)
      _ = changed.timeOfProof(share)
      _ = changed.timeOfChance(isResend: true)
      changed.takeChance(now: now)
      changed.send(asker, now: now)
      changed.verify(share, isNewcomer: true, now: now)
      changed.remove(sendAt: now, as: .stranger, day: 1000, by: key, now: now)
      _ = changed.begin(asker, now: now)
      _ = changed.end(asker, now: now)
      _ = changed.overview(share, sends: 7, ranges: [], now: now)
      _ = changed.expires
    }
  }

  private static func check(_ row: StoredRecord) throws {
    guard let written = row.encoded(now: .min) else { return }
    let again = try StoredRecord(key, written.bytes)
    let twice = try require(again.encoded(now: .min), "a row is lost")
    try require(twice.bytes == written.bytes && twice.expires == written.expires, "a row is read as another one")
    let rule = Rule(.siteHour, key, Limit(200, per: .seconds(3_600)))
    for now in times {
      // Damaged counters are the answer to what no store wrote.
      _ = try? again.look(at: rule, now: now) { $0.total }
      _ = try? again.change(rule, now: now) { $0.add(rule.limit, now: now) }
      _ = again.encoded(now: now)
    }
  }

  private static func checkLists(_ bytes: [UInt8]) throws {
    if let send = try? RunningSend(bytes[...]) {
      try require(try RunningSend(send.record[...]) == send, "a send is read as another one")
    }
    for now in times {
      if var sends = try? OpenSends(bytes[...], now: now) {
        try require(try OpenSends(sends.record[...], now: now).record == sends.record, "sends are read as others")
        _ = sends.verify(by: 1, in: 2)
        _ = sends.end([UInt8](repeating: 7, count: 16), wasSent: true)
      }
      let stacks = try? BrowserList<SendStack>(bytes[...]) { reader throws(StoreFailure) in
        try SendStack(&reader, now: now)
      }
      _ = stacks?.record { $0.put(in: &$1) }
    }
  }
}
