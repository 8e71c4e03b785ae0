extension Ledger {
  /// See `CounterStore.counts`.
  package mutating func counts(of rules: [Rule], guards: [ConversionGuard]) throws(StoreFailure) -> [Count] {
    var counts: [Count] = []
    for rule in rules {
      let counter = try counter(rule)
      let wait = counter.wait(rule.limit, gaps: rule.gaps, now: now)
      counts.append(Count(row: rule.row, count: counter.total, limit: rule.limit.count, wait: wait.duration))
    }
    for conversionGuard in guards {
      var state = try GuardState(try space.read(conversionGuard.record))
      state.sent.trim(to: GuardState.limit(conversionGuard.terms), now: now)
      counts.append(
        Count(
          row: conversionGuard.row, count: state.sent.total, limit: nil, wait: .milliseconds(state.wait(now: now))))
    }
    return counts
  }

  /// See `CounterStore.clear`.
  package mutating func clear(_ rules: [Rule], guards: [ConversionGuard]) throws(StoreFailure) {
    for rule in rules { try remove(rule.record) }
    for conversionGuard in guards { try remove(conversionGuard.record) }
  }

  /// See `CounterStore.browsers`.
  package mutating func browsers(knowing number: CounterKey) throws(StoreFailure) -> [CounterKey] {
    try known(number).entries.map { CounterKey($0.browser) }
  }

  /// See `CounterStore.forget`.
  package mutating func forget(number: CounterKey) throws(StoreFailure) {
    for entry in try everKnown(number).entries { try removeRows(of: number, in: entry.browser) }
    for row in LimitRow.ofNumber { try remove(RecordKey(row.rawValue, number)) }
    try remove(.known(number))
    try remove(.running(number))
  }
}
