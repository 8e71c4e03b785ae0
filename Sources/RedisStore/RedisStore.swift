internal import Encoding
public import LimitEngine
public import Limits
public import Threads

/// The counters of many machines, in one Redis (5 or newer), or in one that Redis Sentinel keeps alive.
///
/// Each operation is one Lua script and one round trip; what waits at the same time shares it. Within a second of
/// connecting and a second of answering it succeeds or fails; waiting for a turn ends after three.
///
/// With replicas a charge is answered only after so many of them have it as the address says (1 with Sentinel): a
/// fail-over to one of the others can therefore lose a charge only if the replica that has it is lost together with the
/// primary, or if Sentinel prefers another; Sentinel takes the one that has read the most. A primary that was cut off
/// from its replicas cannot confirm and admits nothing.
///
/// A Redis that is empty, another one than before, or an older copy of itself, under way (restarted without persistence
/// or with an old snapshot, flushed, switched) is refused with `store.replaced` until the right one is back, or the owner
/// opens the store anew: a running process never goes on counting from nothing. One that is started anew cannot know, so
/// the Redis should keep its data (`appendonly yes`).
public final class RedisStore: CounterStore {
  private let link: RedisLink
  private let prefix: String

  /// Starts its thread, if it has one, and connects when the first operation comes.
  ///
  /// - Parameters:
  ///   - execution: whether it has a thread of its own, or holds the program's only one while Redis is asked.
  ///   - warn: is told once of each thing that is unsafe about the Redis, from the store's thread.
  public convenience init(
    _ address: RedisAddress, execution: Execution = .threads,
    warn: @escaping @Sendable (RedisWarning) -> Void = { _ in }, clock: @escaping @Sendable () -> MachineTime
  ) {
    self.init(address, usesServerTime: true, execution: execution, warn: warn, clock: clock)
  }

  /// - Parameter usesServerTime: whether Redis' wall clock stands for this machine's, where one is looked at; not in
  /// tests.
  init(
    _ address: RedisAddress, usesServerTime: Bool, execution: Execution = .threads,
    warn: @escaping @Sendable (RedisWarning) -> Void = { _ in }, clock: @escaping @Sendable () -> MachineTime
  ) {
    link = RedisLink(address, usesServerTime: usesServerTime, execution: execution, warn: warn, clock: clock)
    prefix = address.prefix
  }

  deinit {
    link.stop()
  }

  public func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision {
    let id = Receipt.newID()
    var call = LimiterCall("charge", prefix: prefix)
    call.put(charge.mode.rawValue)
    call.put(charge.isSend)
    call.put(Hexadecimal.text(charge.pair.browser.bytes))
    call.put(RecordKey.known(charge.pair.number))
    call.put(RecordKey.running(charge.pair.number))
    call.put(RecordKey.pending(id, to: charge.pair.number))
    call.put(optional: charge.nonce.map { .nonce($0) })
    call.put(optional: charge.claim.map { .claimed($0) })
    call.put(id)
    call.put(charge.nonceLife)
    call.put(charge.runningLife)
    call.put(charge.flight)
    call.put(charge.rules)
    call.put(charge.knownRules)
    call.put(charge.strangerRules)
    call.put(charge.guards)
    return try ChargeDecision(try await link.perform(call), charge, id)
  }

  public func finish(
    _ receipt: Receipt, answer: [UInt8], wasSent: Bool
  ) async throws(StoreFailure) -> Settlement {
    precondition(answer.count <= 4096, "an answer has at most 4,096 bytes")
    // It stays in the guards of a message that was sent.
    let guards = wasSent ? [] : receipt.guards
    var call = call("finish", receipt)
    call.put(answer)
    call.put(receipt.time)
    call.put(guards)
    return try await settle(call, guards)
  }

  public func refund(_ receipt: Receipt) async throws(StoreFailure) -> Settlement {
    var call = call("refund", receipt)
    call.put(receipt.time)
    call.put(receipt.rules)
    call.put(receipt.guards)
    return try await settle(call, receipt.guards)
  }

  public func answer(nonce: CounterKey?, pair: Charge.Pair) async throws(StoreFailure) -> Repeat? {
    var call = LimiterCall("answer", prefix: prefix)
    call.put(RecordKey.running(pair.number))
    call.put(optional: nonce.map { .nonce($0) })
    call.put(Hexadecimal.text(pair.browser.bytes))
    let reply = try await link.perform(call)
    if reply[2].list?.first?.string == "none" { return nil }
    return try Repeat(reply[2])
  }

  public func claim(_ claim: Claim) async throws(StoreFailure) -> Settlement {
    let pair = claim.receipt.pair
    var call = LimiterCall("claim", prefix: prefix)
    call.put(RecordKey.claimed(claim.key))
    call.put(RecordKey.known(pair.number))
    call.put(RecordKey.running(pair.number))
    call.put(claim.life)
    call.put(claim.knownLife)
    call.put(Hexadecimal.text(pair.browser.bytes))
    call.put(claim.receipt.time)
    call.put(rowsInBrowsersOf: pair.number)
    call.put(claim.receipt.rulesOfWrongOnly)
    call.put(Int64(claim.cleared.count))
    for rule in claim.cleared { call.put(rule.record) }
    call.put(claim.guards)
    return try await settle(call, claim.guards)
  }

  public func counts(of rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) -> [Count] {
    var call = LimiterCall("counts", prefix: prefix)
    call.put(rules)
    call.put(guards)
    let reply = try await link.perform(call)
    guard let numbers = reply[2].list?.compactMap(\.integer), numbers.count == 2 * (rules.count + guards.count) else {
      throw ChargeDecision.malformed
    }
    let rows = rules.map { ($0.row, Int?($0.limit.count)) } + guards.map { ($0.row, nil) }
    return rows.enumerated().map { index, row in
      Count(
        row: row.0, count: Int(numbers[2 * index]), limit: row.1, wait: ChargeDecision.wait(numbers[2 * index + 1]))
    }
  }

  public func clear(_ rules: [Rule], guards: [ConversionGuard]) async throws(StoreFailure) {
    var call = LimiterCall("clear", prefix: prefix)
    call.put(Int64(rules.count + guards.count))
    for rule in rules { call.put(rule.record) }
    for conversionGuard in guards { call.put(conversionGuard.record) }
    _ = try await link.perform(call)
  }

  public func browsers(knowing number: CounterKey) async throws(StoreFailure) -> [CounterKey] {
    var call = LimiterCall("browsers", prefix: prefix)
    call.put(RecordKey.known(number))
    guard let names = try await link.perform(call)[2].list else { throw ChargeDecision.malformed }
    return try names.map { name throws(StoreFailure) in
      guard let bytes = name.bytes.flatMap(LimiterCall.bytes(ofHexadecimal:)), (1...64).contains(bytes.count) else {
        throw ChargeDecision.malformed
      }
      return CounterKey(bytes)
    }
  }

  public func forget(number: CounterKey) async throws(StoreFailure) {
    var call = LimiterCall("forget", prefix: prefix)
    call.put(RecordKey.known(number))
    call.put(rowsInBrowsersOf: number)
    call.put(Int64(LimitRow.ofNumber.count + 1))
    for row in LimitRow.ofNumber { call.put(RecordKey(row.rawValue, number)) }
    call.put(RecordKey.running(number))
    _ = try await link.perform(call)
  }

  /// Does not wait: the store's thread closes the connection when it has done what waits.
  public func close() async {
    link.stop()
  }

  private func call(_ operation: String, _ receipt: Receipt) -> LimiterCall {
    var call = LimiterCall(operation, prefix: prefix)
    call.put(RecordKey.pending(receipt.id, to: receipt.pair.number))
    call.put(RecordKey.running(receipt.pair.number))
    call.put(optional: receipt.nonce.map { .nonce($0) })
    call.put(receipt.id)
    call.put(Hexadecimal.text(receipt.pair.browser.bytes))
    return call
  }

  private func settle(_ call: LimiterCall, _ guards: [ConversionGuard]) async throws(StoreFailure) -> Settlement {
    try Settlement(try await link.perform(call), guards)
  }
}
