package import Limits

extension Ledger {
  /// See `CounterStore.counts`.
  package func counts(of rules: [Rule], guards: [ConversionGuard]) throws(StoreFailure) -> [Count] {
    var counts: [Count] = []
    for rule in rules {
      counts.append(
        try look(at: rule) { counter in
          let wait = counter.wait(rule.limit, gaps: rule.gaps, now: now)
          return Count(row: rule.row, count: counter.total, limit: rule.limit.count, wait: wait.duration)
        })
    }
    for conversionGuard in guards {
      counts.append(
        try withState(of: conversionGuard) { state in
          let wait = Duration.milliseconds(state.wait(now: now))
          let sends = state.sends(in: conversionGuard, now: now)
          return (Count(row: conversionGuard.row, count: sends, limit: nil, wait: wait), isChanged: false)
        })
    }
    return counts
  }

  /// See `CounterStore.clear`.
  package func clear(_ rules: [Rule], guards: [ConversionGuard]) throws(StoreFailure) {
    for rule in rules { try remove(rule.row, of: rule.key) }
    for conversionGuard in guards { try remove(conversionGuard.row, of: conversionGuard.key) }
  }

  /// See `CounterStore.browsers`.
  package func browsers(knowing number: CounterKey) throws(StoreFailure) -> [CounterKey] {
    try known(number).entries.map { CounterKey($0.browser) }
  }

  /// See `CounterStore.forget`.
  package func forget(number: CounterKey) throws(StoreFailure) {
    let row = try rowToClear(number)
    for entry in try legible({ () throws(StoreFailure) in try everKnown(number).entries }) ?? [] {
      try removeRows(of: number, in: entry.browser)
    }
    for limit in LimitRow.ofNumber { row.remove(.row(limit)) }
    row.remove(.known)
    row.remove(.running)
    // Those may still end.
    if try legible({ () throws(StoreFailure) in try pending(number) }) == nil { row.remove(.pending) }
  }

  /// Nil for what cannot be read.
  private func legible<Value>(_ read: () throws(StoreFailure) -> Value) throws(StoreFailure) -> Value? {
    do throws(StoreFailure) {
      return try read()
    } catch {
      guard error.kind == .damaged else { throw error }
      return nil
    }
  }
}
