internal import Limits

/// What is kept of a site to share its budget out among strangers: nets that have verified nothing of late.
///
/// The budget is paced: what strangers get drips back over the day, and a success gives it back at once, so that no burst of
/// messages that nobody verifies eats the day. When more nets ask than there are messages for, they take turns by lot: each has one draw for a day
/// of its own, whatever it asks, and is served when the part of them that can be served reaches its draw. So who asks once has
/// nearly the chance of who asks all day, and what is left is enough for those who do not come in the first minute.
struct BudgetState: Sendable, Hashable {
  /// What strangers have had and nobody verified, but for what has dripped away: a day's budget in a day.
  private var pace = LeakyBucket()
  /// The second chances that were given.
  private var chances = LeakyBucket()
  /// The messages that went first because of a proof.
  private var proofs = LeakyBucket()
  private var strangers = RollingCounter()
  private var verified = RollingCounter()
  /// Nets that verified something, having verified nothing of late: of those that ask they are none that wants to be asked for
  /// more than a number.
  private var newcomers = RollingCounter()
  private var asking = DistinctCount()
  /// Since when not all strangers are served; 0 while all are.
  private var since: Int64 = 0
  private var nets = NetList(atMost: Self.mostNets)
  /// What is rationed, or was of late. The oldest first.
  private(set) var ranges: [RationedRange] = []

  private static let mostNets = 8
  private static let mostRanges = 32
  private static let day: Int64 = Duration.day.milliseconds
  private static let dayOfCounters = Limit(1_000_000, per: .day)
  /// Second chances a day, so that the first visitors of a net that many share do not shut it for one another, and whose message
  /// does not come can have another. All nets together have no more of them: seven that want as much as they can get have
  /// 20 messages on any day.
  private static let chancesOfDay = Limit(3, per: .day)
  /// So many more than its limit may a net have by them: enough for those who come behind one address in the three minutes
  /// before the first of them has typed a PIN.
  static let chancesOfNet = 3

  /// What stands in a stranger's way.
  struct Obstacle: Sendable, Hashable {
    let id: LimitID
    var wait: Int64
    var challenge: Int?
  }

  typealias Rank = SenderRank

  /// Who asks, and for what.
  struct Asker {
    let share: BudgetShare
    let rank: Rank
    let passedChallenge: Int
    /// How many messages the site had in the last day.
    let sends: Int
    /// Whether its net owes more than what the attempt has had that it asks to send again.
    var isDebtor = false
  }

  // MARK: Second chances

  /// From when on there is one.
  ///
  /// - Parameter isResend: the last one is for those who have had nothing yet.
  func timeOfChance(isResend: Bool) -> Int64 {
    chances.time(atMost: Int64(Self.chancesOfDay.count - (isResend ? 2 : 1)) * LeakyBucket.step(Self.chancesOfDay))
  }

  mutating func takeChance(now: Int64) { chances.add(LeakyBucket.step(Self.chancesOfDay), now: now) }
  mutating func giveChanceBack(now: Int64) { chances.remove(LeakyBucket.step(Self.chancesOfDay), now: now) }

  // MARK: The share

  /// From when on a proof goes first: for a tenth of the day's budget it does. A proof may be anybody's; with more of them one is
  /// as good as without.
  func timeOfProof(_ share: BudgetShare) -> Int64 {
    let step = Self.stepOfProofs(share.day)
    return proofs.time(atMost: max(step, Self.day) - step)
  }

  private static func stepOfProofs(_ messages: Int) -> Int64 { step(messages) * 10 }

  /// Counts a net among those that ask. All nets of one /32 together have no more voices than it may usually have messages:
  /// else whoever has one could have everybody take turns.
  ///
  /// - Returns: whether that changed anything.
  mutating func note(_ share: BudgetShare, now: Int64) -> Bool {
    let net = share.net.draw(0)
    let voice = share.wideNet.map { $0.draw(Int64(net % Self.voicesOfWideNet)) } ?? net
    return asking.add(voice, now: now)
  }

  static let voicesOfWideNet: UInt64 = 20

  /// What stands in the way of a net that has verified nothing of late.
  func obstacle(_ asker: Asker, now: Int64) -> Obstacle? {
    let share = asker.share
    let asking = asking.estimate(now: now)
    let tokens = tokens(share, now: now)
    let wait = waitForPace(share, as: asker.rank, now: now)
    let pacing = wait > 0 ? Obstacle(id: .sitePace, wait: wait) : nil
    if share.offersChallenge {
      // Nobody is asked for work that does not help.
      if let pacing { return pacing }
      let wanted = unverified(of: asking, now: now)
      if isChallenged(share, wanted, tokens, now: now) || asker.isDebtor && asker.sends * 4 > share.day {
        let rounds = Self.rounds(for: wanted, share.day)
        guard asker.passedChallenge >= rounds else {
          return Obstacle(id: .siteShare, wait: timeWithoutChallenge(share, from: now) - now, challenge: rounds)
        }
      }
    } else if asker.rank == .stranger, let wait = waitForTurn(asker, asking, tokens, now: now) {
      return Obstacle(id: .siteShare, wait: wait)
    }
    return pacing
  }

  /// How many of the nets that ask have verified nothing: by those, and not by people who come and type their PINs, it is
  /// told whether somebody attacks.
  private func unverified(of asking: Int, now: Int64) -> Int {
    max(0, asking - newcomers.total(Self.dayOfCounters, at: now))
  }

  /// Whether those who verify nothing want more than two fifths of what is left of a day by those who do.
  ///
  /// - Parameter wanted: how many nets ask and have verified nothing.
  private func isChallenged(_ share: BudgetShare, _ wanted: Int, _ tokens: Int64, now: Int64) -> Bool {
    wanted * 5 > 2 * max(0, share.day - verified.total(Self.dayOfCounters, at: now)) || tokens * 10 < Int64(share.day)
  }

  /// From when on nobody is asked for a challenge if nobody asks for anything, and no earlier than `start`. Whether it is asked of
  /// those that owe messages in particular is not looked at.
  func timeWithoutChallenge(_ share: BudgetShare, from start: Int64) -> Int64 {
    let days = Self.dayOfCounters
    let needed = Int64((share.day + 9) / 10) * Self.step(share)
    let decay = asking.decay(now: start)
    var time = max(start, pace.time(atMost: Self.burst(share) - needed))
    // Before so few ask it cannot be.
    time = decay.time(atMost: 2 * share.day / 5 + newcomers.total(days, at: time), from: time)
    for _ in 0..<Self.mostSteps {
      let left = max(0, share.day - verified.total(days, at: time))
      let end = decay.time(atMost: 2 * left / 5 + newcomers.total(days, at: time), from: time)
      guard end > time else { return time }
      // There is more for them when what was verified is of another day.
      time = min(end, verified.time(without: verified.total - verified.total(days, at: time) + 1, days))
    }
    return time
  }

  private static let mostSteps = 200

  /// How long the pace, which anybody meets, stands in the way of one with this rank.
  func waitForPace(_ share: BudgetShare, as rank: Rank, now: Int64) -> Int64 {
    switch rank {
    case .trusted, .first, .known: return 0
    case .stranger, .indebted:
      // Those that have left something unverified get what is left when half of what there is at once is kept for the others.
      let kept = rank == .indebted ? Self.burst(share) / 2 : 0
      return max(0, paced(share, now: now) + Self.step(share) - (Self.burst(share) - kept))
    }
  }

  /// How long until it is a net's turn: nil when it is.
  private func waitForTurn(_ asker: Asker, _ asking: Int, _ tokens: Int64, now: Int64) -> Int64? {
    let (share, served) = (asker.share, served(now: now))
    let draw = drawn(share.net, now: now)
    let wanted = Int64((draw * Double(asking)).rounded(.down)) + 1
    let rest = Self.restOfDay(share.net, now: now)
    if draw >= part(asker, asking, served) { return rest }
    let missing = wanted - Int64(served) - tokens
    return missing > 0 ? min(rest, missing * Self.step(share)) : nil
  }

  /// The part of the strange nets that the day has messages for.
  private func part(_ asker: Asker, _ asking: Int, _ served: Int) -> Double {
    let day = asker.share.day
    let room = day - day * Rank.stranger.kept / 100 - max(0, asker.sends - served)
    return asking == 0 ? 1 : Double(room) * Self.caution / Double(asking)
  }

  /// How many messages strangers had in the last day.
  private func served(now: Int64) -> Int {
    strangers.total(Self.dayOfCounters, at: now)
  }

  /// The count of those who ask is no closer.
  private static let caution = 0.97

  /// So many rounds that robots, of which one in twenty passes a round, want no more than a third of the day's budget.
  private static func rounds(for wanted: Int, _ day: Int) -> Int {
    var (rounds, passing) = (1, Double(wanted) / 20)
    while rounds < Refusal.mostRounds, passing > 0.3 * Double(day) {
      rounds += 1
      passing /= 20
    }
    return rounds
  }

  /// 0 to 1, the same for a net throughout a day of its own.
  private func drawn(_ net: CounterKey, now: Int64) -> Double {
    Double(net.draw((now + Self.offset(net)) / Self.day + 2) >> 11) / Double(1 << 53 as Int64)
  }

  private static func restOfDay(_ net: CounterKey, now: Int64) -> Int64 { day - (now + offset(net)) % day }
  private static func offset(_ net: CounterKey) -> Int64 { Int64(net.draw(1) % UInt64(day)) }

  private static func step(_ share: BudgetShare) -> Int64 { step(share.day) }
  private static func step(_ messages: Int) -> Int64 { max(1, day / Int64(max(1, messages))) }
  /// A quarter of the day's budget, in milliseconds of dripping: a little more than an hour has of it.
  private static func burst(_ share: BudgetShare) -> Int64 { max(step(share), day / 4) }

  /// How many messages there are for strangers now.
  private func tokens(_ share: BudgetShare, now: Int64) -> Int64 {
    max(0, Self.burst(share) - paced(share, now: now)) / Self.step(share)
  }

  /// What strangers have had: never more than they may have at once, however much they had while nothing was refused.
  private func paced(_ share: BudgetShare, now: Int64) -> Int64 { min(pace.level(at: now), Self.burst(share)) }

  // MARK: What happens

  mutating func send(_ asker: Asker, now: Int64) {
    switch asker.rank {
    case .first: proofs.add(Self.stepOfProofs(asker.share.day), now: now)
    case .trusted, .known: break
    case .stranger, .indebted:
      pace.add(Self.step(asker.share), now: now)
      pace.keep(atMost: Self.burst(asker.share), now: now)
      guard asker.rank == .stranger else { break }
      strangers.trim(to: Self.dayOfCounters, now: now)
      strangers.add(Self.dayOfCounters, now: now)
    }
    nets.add(NetList.Net(key: asker.share.net, sealed: asker.share.sealedNet))
  }

  /// - Parameters:
  ///   - isNewcomer: whether its net had verified nothing of late, and has credit now.
  ///   - isCounted: whether its message counts as one that nobody has verified until now.
  mutating func verify(_ share: BudgetShare, isNewcomer: Bool = false, isCounted: Bool = true, now: Int64) {
    verified.trim(to: Self.dayOfCounters, now: now)
    verified.add(Self.dayOfCounters, now: now)
    if isNewcomer {
      newcomers.trim(to: Self.dayOfCounters, now: now)
      newcomers.add(Self.dayOfCounters, now: now)
    }
    guard isCounted else { return }
    // What known nets verify makes no room where strangers have had nothing.
    if served(now: now) > 0 { pace.remove(Self.step(share), now: now) }
    nets.remove(share.net)
  }

  /// Takes a message away that was reserved then.
  ///
  /// - Parameter rank: as which it was counted.
  mutating func remove(sendAt time: Int64, as rank: Rank, day: Int, by net: CounterKey?, now: Int64) {
    let step = Self.step(day)
    switch rank {
    case .first: proofs.remove(Self.stepOfProofs(day), now: now)
    case .trusted, .known: break
    case .stranger:
      strangers.remove(at: time, Self.dayOfCounters, now: now)
      pace.remove(step, now: now)
    case .indebted: pace.remove(step, now: now)
    }
    if let net { nets.remove(net) }
  }

  // MARK: News

  mutating func begin(_ asker: Asker, now: Int64) -> LimitNotice? {
    guard since == 0 else { return nil }
    since = now
    return .rationBegan(.siteShare, asker.share.site, figures(asker.share, sends: asker.sends, now: now))
  }

  mutating func end(_ asker: Asker, now: Int64) -> LimitNotice? {
    guard since > 0, isOver(asker, now: now) else { return nil }
    let time = Duration.milliseconds(now - since)
    since = 0
    return .rationEnded(
      .siteShare, asker.share.site, figures(asker.share, sends: asker.sends, now: now), after: time)
  }

  /// Whether all strangers are served again: half of what there may be at once is there, and an hour is over.
  private func isOver(_ asker: Asker, now: Int64) -> Bool {
    since + Duration.hour.milliseconds <= now
      && part(asker, asking.estimate(now: now), served(now: now)) >= 1
      && paced(asker.share, now: now) * 2 < Self.burst(asker.share)
  }

  private func figures(_ share: BudgetShare, sends: Int, now: Int64) -> RationFigures {
    RationFigures(
      sends: sends, verified: verified.total(Self.dayOfCounters, at: now), perDay: share.day,
      asking: asking.estimate(now: now))
  }

  mutating func list(_ range: RationedRange) {
    ranges.removeAll { $0.key == range.key }
    ranges.append(range)
    if ranges.count > Self.mostRanges { ranges.removeFirst() }
  }

  /// - Parameters:
  ///   - sends: how many messages the site had in the last day.
  ///   - ranges: what is rationed.
  func overview(
    _ share: BudgetShare, sends: Int, ranges: [BudgetOverview.Range], now: Int64
  ) -> BudgetOverview {
    let (asking, served) = (asking.estimate(now: now), served(now: now))
    let tokens = tokens(share, now: now)
    let asker = Asker(share: share, rank: .stranger, passedChallenge: 0, sends: sends)
    let wanted = unverified(of: asking, now: now)
    let isAsked = share.offersChallenge && isChallenged(share, wanted, tokens, now: now)
    let step = LeakyBucket.step(Self.chancesOfDay)
    let used = (chances.level(at: now) + step - 1) / step
    return BudgetOverview(
      toStrangers: served, verified: verified.total(Self.dayOfCounters, at: now), asking: asking, tokens: Int(tokens),
      percentServed: Int(min(1, max(0, part(asker, asking, served))) * 100),
      challenge: isAsked ? Self.rounds(for: wanted, share.day) : nil,
      chances: max(0, Self.chancesOfDay.count - Int(used)),
      // The next visitor to ask would end it.
      rationedFor: since > 0 && !isOver(asker, now: now) ? .milliseconds(now - since) : nil, nets: nets.overview,
      ranges: ranges)
  }

  var expires: Int64 {
    let days = Self.dayOfCounters
    return max(
      strangers.expires(days), verified.expires(days), newcomers.expires(days), pace.emptyAt, chances.emptyAt,
      proofs.emptyAt, asking.expires,
      since > 0 ? since + 7 * Self.day : 0, (ranges.map(\.since).max() ?? 0) + 7 * Self.day)
  }
}

extension SenderRank {
  /// What it may not have of the budget, in percent: that is for those before it.
  var kept: Int {
    switch self {
    case .trusted, .first: 0
    case .known: 3
    case .stranger: 5
    case .indebted: 25
    }
  }

  /// The same of what a range's ration admits at once, in whole messages: nobody waits for those before it for longer than
  /// they take to drip away.
  var keptOfRation: Int64 {
    switch self {
    case .trusted, .first: 0
    case .known, .stranger: 25
    case .indebted: 50
    }
  }
}

/// A range that is rationed, as the owner finds it.
struct RationedRange: Sendable, Hashable {
  let id: LimitID
  let key: CounterKey
  /// The prefix under which its name was sealed, and that name.
  let prefix4: CounterKey
  let sealed: UInt64
  let since: Int64
}

extension BudgetState {
  /// - Parameter record: empty where there is none.
  init(_ record: ArraySlice<UInt8>) throws(StoreFailure) {
    guard !record.isEmpty else { return }
    var reader = RecordReader(record)
    pace = LeakyBucket(emptyAt: try reader.takeTime())
    chances = LeakyBucket(emptyAt: try reader.takeTime())
    proofs = LeakyBucket(emptyAt: try reader.takeTime())
    since = try reader.takeTime()
    strangers = try RollingCounter(try reader.takeSlice())
    verified = try RollingCounter(try reader.takeSlice())
    asking = try DistinctCount(&reader)
    nets = try NetList(&reader, atMost: Self.mostNets)
    while !reader.isAtEnd {
      let tag: UInt8 = try reader.take()
      if tag == Self.newcomersTag, ranges.isEmpty, newcomers.total == 0 {
        newcomers = try RollingCounter(try reader.takeSlice())
        continue
      }
      guard ranges.count < Self.mostRanges, let id = LimitID(tag: tag) else { throw RecordReader.damaged }
      ranges.append(
        RationedRange(
          id: id, key: try reader.takeKey(), prefix4: try reader.takeKey(), sealed: try reader.take(),
          since: try reader.takeTime()))
    }
  }

  /// No limit's.
  private static let newcomersTag: UInt8 = 0

  func put(in writer: inout RecordWriter) {
    for time in [pace.emptyAt, chances.emptyAt, proofs.emptyAt, since] { writer.put(time) }
    writer.putField { strangers.put(in: &$0) }
    writer.putField { verified.put(in: &$0) }
    asking.put(in: &writer)
    nets.put(in: &writer)
    if newcomers.total > 0 {
      writer.put(Self.newcomersTag)
      writer.putField { newcomers.put(in: &$0) }
    }
    for range in ranges {
      writer.put(FieldTag.limit(range.id).rawValue)
      writer.put(range.key.bytes)
      writer.put(range.prefix4.bytes)
      writer.put(range.sealed)
      writer.put(range.since)
    }
  }
}
