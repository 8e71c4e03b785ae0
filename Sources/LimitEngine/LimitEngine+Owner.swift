package import Limits

extension LimitEngine {
  /// See `CounterStore.counts`.
  package func counts(of rules: [Rule], breakers: [ConversionBreaker]) throws(StoreFailure) -> [Count] {
    var counts: [Count] = []
    for rule in rules {
      counts.append(
        try look(at: rule) { counter in
          let wait = counter.wait(rule.limit, cooldowns: rule.cooldowns, now: now)
          return Count(id: rule.id, count: counter.total, limit: rule.limit.count, wait: wait.duration)
        })
    }
    for breaker in breakers {
      counts.append(
        try withState(of: breaker) { state in
          let wait = Duration.milliseconds(state.wait(now: now))
          let sends = state.sends(in: breaker, now: now)
          return (Count(id: breaker.id, count: sends, limit: nil, wait: wait), isChanged: false)
        })
    }
    return counts
  }

  /// See `CounterStore.clear`.
  package func clear(_ rules: [Rule], breakers: [ConversionBreaker]) throws(StoreFailure) {
    for rule in rules { try remove(rule.id, of: rule.key) }
    for breaker in breakers { try remove(breaker.id, of: breaker.key) }
  }

  /// See `CounterStore.browsers`.
  package func browsers(trustedFor number: CounterKey) throws(StoreFailure) -> [CounterKey] {
    try trusted(number).entries.map { CounterKey($0.browser) }
  }

  /// See `CounterStore.forget`.
  package func forget(number: CounterKey) throws(StoreFailure) {
    let record = try recordToClear(number)
    for entry in try legible({ () throws(StoreFailure) in try everTrusted(number).entries }) ?? [] {
      removeAll(of: number, in: entry.browser)
    }
    for limit in LimitID.ofNumber { record.remove(.limit(limit)) }
    record.remove(.trusted)
    record.remove(.running)
    // Those may still end.
    if try legible({ () throws(StoreFailure) in try pending(number) }) == nil { record.remove(.pending) }
  }

  /// Nil for what cannot be read.
  func legible<Value>(_ read: () throws(StoreFailure) -> Value) throws(StoreFailure) -> Value? {
    do throws(StoreFailure) {
      return try read()
    } catch {
      guard error.kind == .damaged else { throw error }
      return nil
    }
  }
}
