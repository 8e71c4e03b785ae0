package import Limits

/// The records that each operation of a `LimitEngine` reads, for a store that reads them in one go. What they do not name
/// is still found, one record at a time.
extension ReservationRequest {
  package var keys: [CounterKey] {
    var keys = [pair.number]
    if let nonce { keys.append(nonce) }
    if let oneTimeKey { keys.append(oneTimeKey) }
    for rules in [rules, trustedRules, untrustedRules] { keys += rules.map(\.key) }
    if let share { keys.append(share.site) }
    if let net { keys.append(net) }
    if let proof { keys.append(proof) }
    return keys + rations.map(\.key)
  }
}

extension Reservation {
  /// To commit it.
  package var keysOfSend: [CounterKey] { [pair.number] + (nonce.map { [$0] } ?? []) }
  /// To release it, or to commit it as one that may not have been sent.
  package var keysOfReservation: [CounterKey] {
    keysOfSend + rules.map(\.key) + rations.map(\.key) + [net, proof].compactMap(\.self)
  }
}

extension OneTimeUse {
  package var keys: [CounterKey] {
    var keys = [key] + cleared.map(\.key) + givenBack.map(\.key) + rations.map(\.key)
    if let share { keys += [share.site, share.wideNet].compactMap(\.self) }
    if let net { keys.append(net) }
    if let reservation { keys += [reservation.pair.number] + reservation.rulesOfWrongOnly.map(\.key) }
    if let message { keys.append(message.outbox) }
    return keys
  }
}
