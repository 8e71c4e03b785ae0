internal import Limits

/// What is kept of a range for its ration.
struct RationState: Sendable, Hashable {
  /// The messages that nobody has verified, but for what has dripped away.
  private var unverified = LeakyBucket()
  private(set) var sent = RollingCounter()
  private(set) var verified = RollingCounter()
  /// Since when it is rationed; 0 while it is not.
  private(set) var since: Int64 = 0
  /// Until when the owner has it open.
  private(set) var openUntil: Int64 = 0
  /// How many messages the credit was worth when the newest was added: for those that were let pass on it nobody has to
  /// wait when it is worth less.
  private var covered: Int64 = 0
  private(set) var nets = NetList(atMost: Self.mostNets)

  private static let mostNets = 4

  /// From when on the next message passes, and no earlier than `start`; `never` where no time helps.
  ///
  /// - Parameter rank: whose message it is.
  func time(_ ration: Ration, _ credit: Credit, as rank: SenderRank, from start: Int64) -> Int64 {
    var time = start
    guard openUntil <= time else { return time }
    guard ration.limit.count > 0 else { return .never }
    let kept = kept(ration, from: rank)
    // Time makes the credit smaller too, and the young messages older: in a few steps there is no more of either.
    for _ in 0..<64 {
      let surplus = judged(ration, at: time) - (coveredCapacity(ration, credit, at: time) - kept)
      if surplus < 0 { return time }
      time += surplus + 1
    }
    return time
  }

  /// What counts of the unverified messages, in milliseconds of dripping: not the young ones.
  private func judged(_ ration: Ration, at time: Int64) -> Int64 {
    // No more of them than would else drip away: a burst is no larger than the ration either.
    let young = min(Int64(sent.total - sent.total(upTo: time - ration.grace)), Self.dripping(ration))
    return unverified.level(at: time) - young * Self.step(ration)
  }

  /// So much may be in it: a fifth of the ration at once, and what the credit is worth.
  private func capacity(_ ration: Ration, _ credit: Credit, at time: Int64) -> Int64 {
    capacity(ration, growth: growth(credit, at: time))
  }

  private func capacity(_ ration: Ration, growth: Int64) -> Int64 {
    (Self.atOnce(ration) + growth) * Self.step(ration)
  }

  /// Each success is worth one.
  private func growth(_ credit: Credit, at time: Int64) -> Int64 { Int64(credit.growth(at: time, worth: 1)) }

  /// How long until one message drips away.
  private static func step(_ ration: Ration) -> Int64 {
    max(1, (ration.limit.span ?? 1) / max(1, dripping(ration)))
  }

  /// How many drip away in its window: all but those that are admitted at once, so that a range that verifies nothing has no
  /// more than its ration in one, but for young messages at its end.
  private static func dripping(_ ration: Ration) -> Int64 { Int64(ration.limit.count) - atOnce(ration) }

  private static func atOnce(_ ration: Ration) -> Int64 { Int64(max(1, ration.limit.count / 5)) }

  /// What is left to those who come before: whole messages, and nothing of what the range has credit for.
  private func kept(_ ration: Ration, from rank: SenderRank) -> Int64 {
    Self.atOnce(ration) * rank.keptOfRation / 100 * Self.step(ration)
  }

  /// The same where credit has become less since the newest message: a range that was full of messages that it had credit
  /// for would else be shut for as long as they take to drip away, which may be weeks.
  private func coveredCapacity(_ ration: Ration, _ credit: Credit, at time: Int64) -> Int64 {
    capacity(ration, growth: max(covered, growth(credit, at: time)))
  }

  /// Lets go what is in it only because credit has become less.
  private mutating func settle(_ ration: Ration, _ credit: Credit, as rank: SenderRank, now: Int64) {
    let growth = growth(credit, at: now)
    let lost = (covered - growth) * Self.step(ration)
    let surplus = judged(ration, at: now) - (capacity(ration, growth: growth) - kept(ration, from: rank)) + 1
    if lost > 0, surplus > 0 { unverified.remove(min(lost, surplus), now: now) }
    covered = growth
  }

  /// How many unverified messages there are, and how many there may be.
  func count(_ ration: Ration, _ credit: Credit, now: Int64) -> (count: Int, limit: Int) {
    let step = Self.step(ration)
    return (
      Int((unverified.level(at: now) + step - 1) / step), Int(capacity(ration, credit, at: now) / step)
    )
  }

  /// - Returns: the notice of a ration that begins.
  mutating func begin(_ ration: Ration, now: Int64) -> LimitNotice? {
    guard since == 0 else { return nil }
    since = now
    return .rationBegan(ration.id, ration.key, figures(ration, now: now))
  }

  /// - Returns: the notice of a ration that ends: half of what there may be is left, and an hour is over.
  mutating func end(_ ration: Ration, _ credit: Credit, now: Int64) -> LimitNotice? {
    guard since > 0, isOver(ration, credit, now: now) else { return nil }
    let time = Duration.milliseconds(now - since)
    since = 0
    return .rationEnded(ration.id, ration.key, figures(ration, now: now), after: time)
  }

  private func isOver(_ ration: Ration, _ credit: Credit, now: Int64) -> Bool {
    since + Self.least <= now && judged(ration, at: now) * 2 < capacity(ration, credit, at: now)
  }

  private static let least: Int64 = Duration.hour.milliseconds

  private func figures(_ ration: Ration, now: Int64) -> RationFigures {
    return RationFigures(
      sends: sent.total(Ration.hour, at: now), verified: verified.total(Ration.hour, at: now),
      perDay: ration.limit.count)
  }

  /// The owner's word. What nobody has verified until now is forgotten.
  ///
  /// - Parameter time: 0 takes it back: then what was there is as it would be.
  mutating func open(until time: Int64) {
    openUntil = time
    guard time > 0 else { return }
    since = 0
    unverified = LeakyBucket()
  }

  /// - Parameter ration: as it is set now; nil where it is off. A range where nobody has asked since is not rationed any
  ///   longer when the next one who asks would end it.
  func overview(
    _ range: RationedRange, _ ration: Ration?, _ credit: Credit, now: Int64
  ) -> BudgetOverview.Range {
    let isRationed = ration.map { since > 0 && openUntil <= now && !isOver($0, credit, now: now) } ?? false
    return BudgetOverview.Range(
      id: range.id, key: range.key, prefix4: range.prefix4, sealed: range.sealed,
      age: .milliseconds(max(0, now - range.since)), isRationed: isRationed,
      openFor: openUntil > now ? .milliseconds(openUntil - now) : nil, sends: sent.total(Ration.hour, at: now),
      verified: verified.total(Ration.hour, at: now),
      nets: nets.overview)
  }

  /// What is sent although it would be refused, because the owner has it open or only watches, keeps nobody out later.
  ///
  /// - Parameter isOverLimits: whether any limit would refuse it.
  /// - Returns: whether it counts as one that nobody has verified.
  mutating func send(
    _ ration: Ration, _ credit: Credit, as rank: SenderRank, by net: NetList.Net?, isOverLimits: Bool = false,
    now: Int64
  ) -> Bool {
    trim(now: now)
    settle(ration, credit, as: rank, now: now)
    let isCharged = openUntil <= now && !isOverLimits
    if isCharged { unverified.add(Self.step(ration), now: now) }
    sent.add(Ration.hour, now: now)
    if let net { nets.add(net) }
    return isCharged
  }

  /// A success takes a message back, and half of another one: so a range of which two thirds are verified is never rationed,
  /// however many ask for however long.
  ///
  /// - Parameters:
  ///   - isCounted: whether that counts as one that nobody has verified until now.
  ///   - isCharged: what `send` said of it.
  mutating func verify(
    _ ration: Ration, by net: CounterKey?, isCounted: Bool = true, isCharged: Bool = true, now: Int64
  ) {
    trim(now: now)
    verified.add(Ration.hour, now: now)
    guard isCounted else { return }
    if isCharged { unverified.remove(Self.step(ration) * 3 / 2, now: now) }
    if let net { nets.remove(net) }
  }

  /// Takes a message away that was reserved then.
  ///
  /// - Parameter isCharged: what `send` said of it.
  mutating func remove(sendAt time: Int64, _ ration: Ration, by net: CounterKey?, isCharged: Bool, now: Int64) {
    sent.remove(at: time, Ration.hour, now: now)
    if isCharged { unverified.remove(Self.step(ration), now: now) }
    if let net { nets.remove(net) }
  }

  private mutating func trim(now: Int64) {
    sent.trim(to: Ration.hour, now: now)
    verified.trim(to: Ration.hour, now: now)
  }

  func expires(_ ration: Ration) -> Int64 {
    max(
      sent.expires(Ration.hour), verified.expires(Ration.hour), unverified.emptyAt, openUntil,
      since > 0 ? since + Duration.days(7).milliseconds : 0)
  }
}

extension RationState {
  /// - Parameter record: empty where there is none.
  init(_ record: ArraySlice<UInt8>) throws(StoreFailure) {
    guard !record.isEmpty else { return }
    var reader = RecordReader(record)
    unverified = LeakyBucket(emptyAt: try reader.takeTime())
    since = try reader.takeTime()
    openUntil = try reader.takeTime()
    sent = try RollingCounter(try reader.takeSlice())
    verified = try RollingCounter(try reader.takeSlice())
    nets = try NetList(&reader, atMost: Self.mostNets)
    if !reader.isAtEnd { covered = try reader.takeTime() }
    guard covered <= Int64(Credit.mostGrowth) else { throw RecordReader.damaged }
    try reader.finish()
  }

  func put(in writer: inout RecordWriter) {
    writer.put(unverified.emptyAt)
    writer.put(since)
    writer.put(openUntil)
    writer.putField { sent.put(in: &$0) }
    writer.putField { verified.put(in: &$0) }
    nets.put(in: &writer)
    if covered > 0 { writer.put(covered) }
  }
}
