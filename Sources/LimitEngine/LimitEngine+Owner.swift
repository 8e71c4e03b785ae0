package import Limits

extension LimitEngine {
  /// See `CounterStore.counts`.
  package func counts(of rules: [Rule], rations: [Ration]) throws(StoreFailure) -> [Count] {
    var counts: [Count] = []
    for rule in rules {
      let (limit, wait) = (try limit(rule), try time(rule, from: now).wait(from: now))
      counts.append(try look(at: rule) { Count(id: rule.id, count: $0.total, limit: limit.count, wait: wait) })
    }
    for ration in rations {
      let credit = try credit(ration.key)
      counts.append(
        try withState(of: ration) { state in
          let (count, limit) = state.count(ration, credit, now: now)
          let wait = state.time(ration, credit, as: .stranger, from: now).wait(from: now)
          return (Count(id: ration.id, count: count, limit: limit, wait: wait), isChanged: false)
        })
    }
    return counts
  }

  /// See `StoreAdmin.overview`.
  package func overview(of share: BudgetShare, by policy: LimitsPolicy) throws(StoreFailure) -> BudgetOverview {
    let listed = try withBudget(of: share.site) { ($0.ranges, isChanged: false) }
    var ranges: [BudgetOverview.Range] = []
    try prefetch(listed.map(\.key))
    for range in listed {
      let ration = policy.ration(range.id, of: range.key)
      // One that is off now may still be there.
      let any = ration ?? Ration(range.id, range.key, Limit(1, per: .day), grace: .zero)
      let overview = try legible { () throws(StoreFailure) in
        let credit = try credit(range.key)
        return try withState(of: any) { state in (state.overview(range, ration, credit, now: now), isChanged: false) }
      }
      if let overview { ranges.append(overview) }
    }
    let sends = try look(at: share.rule) { $0.total }
    return try withBudget(of: share.site) { state in
      (state.overview(share, sends: sends, ranges: ranges, now: now), isChanged: false)
    }
  }

  /// See `StoreAdmin.open`.
  package func open(_ ration: Ration, for time: Duration) throws(StoreFailure) {
    try change(ration) { $0.open(until: time > .zero ? now + time.milliseconds : 0) }
  }

  /// See `CounterStore.clear`.
  package func clear(_ rules: [Rule], rations: [Ration]) throws(StoreFailure) {
    for rule in rules {
      let record = try recordToClear(rule.key)
      record.remove(.limit(rule.id))
      for tag in FieldTag.cleared(with: rule.id) { record.remove(tag) }
    }
    for ration in rations {
      let record = try recordToClear(ration.key)
      record.remove(.limit(ration.id))
      record.remove(.credit)
    }
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
    record.remove(.credited)
    record.remove(.trustedSends)
    record.remove(.running)
    if var sends = try legible({ () throws(StoreFailure) in try openSends(number) }) {
      sends.keepPending()
      try setOpenSends(sends, of: number)
    } else {
      record.remove(.openSends)
    }
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
