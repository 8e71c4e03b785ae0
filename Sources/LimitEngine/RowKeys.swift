package import Limits

/// The rows that each operation of a `Ledger` reads, for a store that reads them in one go. What they do not name is still
/// found, one row at a time.
extension Charge {
  package var keys: [CounterKey] {
    var keys = [pair.number]
    if let nonce { keys.append(nonce) }
    if let claim { keys.append(claim) }
    for rules in [rules, knownRules, strangerRules] { keys += rules.map(\.key) }
    return keys + guards.map(\.key)
  }
}

extension Receipt {
  /// For the end of a send that stays charged.
  package var keysOfSend: [CounterKey] { [pair.number] + (nonce.map { [$0] } ?? []) }
  /// For the end of one that is given back.
  package var keysOfCharge: [CounterKey] { keysOfSend + rules.map(\.key) + guards.map(\.key) }
}

extension Claim {
  package var keys: [CounterKey] {
    [key, receipt.pair.number] + receipt.rulesOfWrongOnly.map(\.key) + cleared.map(\.key) + guards.map(\.key)
  }
}
