internal import Verification

/// All limits of a site, as data: turns a send or a try that is about to happen into the rules it must pass.
///
/// It knows no store and no time. The defaults are section 2.2 of the security reference.
///
/// **A stranger cannot lock a number's owner out.** A browser in which a number was verified is trusted with it: there
/// the number is on counters of its own, and passes by the number's, the prefix's and the country's limits, their rations and
/// the site's limit of wrong PINs, all of which a stranger can use up. The browser is trusted with that *one* number: a
/// stranger who types a number that the site has verified would otherwise be on the owner's counters. What is left to
/// a trusted browser are the limits of its own address, net and browser, and the budget of the site, which nothing passes
/// by; `reserve` keeps a part of the budget for trusted browsers.
public struct LimitsPolicy: Sendable, Hashable {
  /// One that is not in it is off.
  public var limits: [LimitID: Limit]
  /// How long after one message to a number the next may be asked for by the form: after the first, the second, the
  /// third, and then always the last one.
  public var cooldowns: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)]
  /// The same for "send again" on the page of the running request.
  public var resendCooldowns: [Duration] = [.seconds(30), .seconds(60), .seconds(120), .seconds(300), .seconds(3600)]
  /// How long people may take to type a PIN: a range is not judged by messages that are younger.
  public var grace: Duration = .seconds(180)
  /// Whether what is left of the day's budget is shared out among those who have verified nothing of late.
  public var sharesBudget = true
  /// The percentages of the site's budget that give notice.
  public var alarms = [50, 80, 100]
  /// The percentage of the site's budget that only trusted browsers may use. 0 to 90.
  public var reserve = 0
  public var mode = ReservationRequest.Mode.enforce
  /// Whether the site offers a challenge to those who are refused for want of budget (`Refusal.challenge`).
  public var challenge = false
  /// How long the longest send takes, with all its time-outs.
  public var sendTimeout: Duration = .seconds(30)
  /// For how long a form that was sent is remembered: longer than any form is accepted.
  public var nonceLife: Duration = .seconds(3600)
  /// For how long the answer to a send is kept: as long as its attempt lives.
  public var runningLife: Duration = Attempt.longestLife
  /// For how long after a success a browser is trusted with its number.
  public var trustedLife: Duration = .days(180)

  public init(limits: [LimitID: Limit] = Self.defaults) {
    self.limits = limits
  }

  public static let defaults: [LimitID: Limit] = [
    // As many as there are cooldowns before the one of an hour: an attempt can use each of them once.
    .attemptResends: Limit(4, per: .day),
    .numberHour: Limit(5, per: .hour),
    .numberDay: Limit(10, per: .day),
    .trustedHour: Limit(5, per: .hour),
    .trustedDay: Limit(10, per: .day),
    .prefix4Hour: Limit(10, per: .hour),
    .prefix4Day: Limit(30, per: .day),
    .prefix6Hour: Limit(60, per: .hour),
    .countryHour: Limit(100, per: .hour),
    .addressMinute: Limit(3, per: .seconds(60)),
    .addressHour: Limit(10, per: .hour),
    .addressDay: Limit(30, per: .day),
    .netHour: Limit(60, per: .hour),
    .netDay: Limit(2, per: .day),
    .wideNetDay: Limit(20, per: .day),
    .prefix4Ration: Limit(20, per: .day),
    .prefix6Ration: Limit(100, per: .day),
    .countryRation: Limit(500, per: .day),
    .browserHour: Limit(5, per: .hour),
    .siteHour: Limit(200, per: .hour),
    .siteDay: Limit(1000, per: .day),
    .requestWrong: Limit(3, per: .day),
    .attemptWrong: Limit(5, per: .day),
    .numberWrongHour: Limit(10, per: .hour),
    .numberWrongDay: Limit(20, per: .day),
    .numberWrongTotal: Limit(100, per: nil),
    .trustedWrongHour: Limit(10, per: .hour),
    .trustedWrongDay: Limit(20, per: .day),
    .trustedWrongTotal: Limit(100, per: nil),
    .addressTries: Limit(10, per: .seconds(60)),
    .addressWrongHour: Limit(30, per: .hour),
    .netWrongHour: Limit(300, per: .hour),
    .browserTries: Limit(10, per: .seconds(600)),
    .siteWrongHour: Limit(300, per: .hour),
  ]
}

extension LimitsPolicy {
  /// What a send has to pass.
  public func reservation(for send: SendIntent) -> ReservationRequest {
    let number = send.number
    let visitor = send.visitor
    let pair = ReservationRequest.Pair(number: number.number, browser: visitor.browser)
    let allowed = send.resendOf == nil ? cooldowns : resendCooldowns
    let site = number.site
    var rules = own(
      (.addressMinute, visitor.address), (.addressHour, visitor.address), (.addressDay, visitor.address),
      (.netHour, visitor.net))
    // Without a cookie it is no more than an address, which is counted as one.
    if visitor.hasCookie { rules += own((.browserHour, visitor.browser)) }
    if let attempt = send.resendOf { rules += own((.attemptResends, attempt)) }
    var request = ReservationRequest(
      mode: mode, pair: pair, rules: rules,
      trustedRules: backoff(.trustedHour, .trustedDay, number.number.paired(with: visitor.browser), allowed)
        + budget(of: site),
      untrustedRules: backoff(.numberHour, .numberDay, number.number, allowed) + ofNets(visitor)
        + own(
          (.prefix4Hour, number.prefix4), (.prefix4Day, number.prefix4), (.prefix6Hour, number.prefix6),
          (.countryHour, number.country))
        + budget(of: site, keeping: reserve),
      rations: rations(of: number), nonce: send.nonce, nonceLife: nonceLife, runningLife: runningLife,
      sendTimeout: sendTimeout,
      oneTimeKey: send.code)
    request.passedChallenge = send.passedChallenge
    request.proof = send.proof
    // While watching it goes on like any other.
    request.looksAutomated = send.looksAutomated && mode == .enforce
    request.isResend = send.resendOf != nil
    request.net = visitor.net
    request.isOfOwnNetwork = visitor.isOfOwnNetwork
    request.share = share(of: visitor, asking: number)
    return request
  }

  /// What a try of a PIN has to pass. It is counted as a wrong one, before the provider is asked; whatever becomes of
  /// it, only a success takes it out again.
  public func reservation(for attempt: TryIntent) -> ReservationRequest {
    let number = attempt.number
    let visitor = attempt.visitor
    let inBrowser = number.number.paired(with: visitor.browser)
    return ReservationRequest(
      mode: mode, pair: ReservationRequest.Pair(number: number.number, browser: visitor.browser),
      rules: own(
        (.requestWrong, attempt.code), (.attemptWrong, attempt.attempt), (.addressTries, visitor.address),
        (.addressWrongHour, visitor.address), (.netWrongHour, visitor.net), (.browserTries, visitor.browser)),
      trustedRules: own((.trustedWrongHour, inBrowser), (.trustedWrongDay, inBrowser), (.trustedWrongTotal, inBrowser)),
      untrustedRules: own(
        (.numberWrongHour, number.number), (.numberWrongDay, number.number), (.numberWrongTotal, number.number))
        + rules(.siteWrongHour, number.site, alarms: [100]),
      oneTimeKey: attempt.code)
  }

  /// What the success of a try that was admitted brings about.
  public func oneTimeUse(for attempt: TryIntent, _ reservation: Reservation) -> OneTimeUse {
    let number = attempt.number.number
    return OneTimeUse(
      key: attempt.code, life: .days(2), reservation: reservation,
      cleared: own(
        (.numberWrongTotal, number), (.trustedWrongTotal, number.paired(with: attempt.visitor.browser))),
      givenBack: ofUnverified(attempt), rations: rations(of: attempt.number),
      share: share(of: attempt.visitor, asking: attempt.number), net: attempt.visitor.net,
      trustedLife: attempt.visitor.hasCookie ? trustedLife : .zero)
  }

  /// What it takes to end a given-up request: once in its life. It holds while watching too, because it guards the provider
  /// and the machine, and no visitor notices it.
  public func reservation(forEndOf request: CounterKey, in pair: ReservationRequest.Pair) -> ReservationRequest {
    ReservationRequest(pair: pair, rules: [Rule(.requestCancels, request, Limit(1, per: Attempt.longestLife))])
  }

  /// The limits of one number, without its browsers.
  public func rules(ofNumber number: CounterKey) -> [Rule] {
    LimitID.ofNumber.flatMap { own(($0, number)) }
  }

  /// The limits of one number in browsers that are trusted with it.
  public func rules(ofNumber number: CounterKey, in browsers: [CounterKey]) -> [Rule] {
    browsers.flatMap { browser in
      LimitID.ofTrustedBrowser.flatMap { own(($0, number.paired(with: browser))) }
    }
  }

  /// The limits of one address, and of its nets.
  public func rules(ofAddress address: CounterKey, net: CounterKey, wideNet: CounterKey? = nil) -> [Rule] {
    own(
      (.addressMinute, address), (.addressHour, address), (.addressDay, address), (.addressTries, address),
      (.addressWrongHour, address), (.netHour, net), (.netDay, net), (.netWrongHour, net))
      + (wideNet.map { own((.wideNetDay, $0)) } ?? [])
  }

  /// The limits of a number's prefixes and country.
  public func rules(ofRangesOf number: NumberKeys) -> [Rule] {
    own(
      (.prefix4Hour, number.prefix4), (.prefix4Day, number.prefix4), (.prefix6Hour, number.prefix6),
      (.countryHour, number.country))
  }

  /// The limits of the whole site.
  public func rules(ofSite site: CounterKey) -> [Rule] {
    own((.siteHour, site), (.siteDay, site), (.siteWrongHour, site))
  }

  /// The rations of a number's prefixes and country.
  public func rations(of number: NumberKeys) -> [Ration] {
    [
      (LimitID.prefix4Ration, number.prefix4), (.prefix6Ration, number.prefix6), (.countryRation, number.country),
    ].compactMap { ration($0, of: $1) }
  }

  /// A range's ration; nil where it has none.
  public func ration(_ id: LimitID, of key: CounterKey) -> Ration? {
    limits[id].map { Ration(id, key, $0, grace: grace) }
  }

  /// How the budget is shared out; nil where it is not, or where a day has none.
  public func share(of visitor: VisitorKeys, asking number: NumberKeys) -> BudgetShare? {
    guard let day = sharedDay else { return nil }
    return BudgetShare(
      site: number.site, day: day, net: visitor.net, wideNet: visitor.wideNet, sealedNet: visitor.sealedNet,
      sealedRange: number.sealedRange, prefix4: number.prefix4, offersChallenge: challenge, grace: grace)
  }

  /// The same for the owner, who asks for nothing.
  public func share(ofSite site: CounterKey) -> BudgetShare? {
    guard let day = sharedDay else { return nil }
    return BudgetShare(site: site, day: day, net: site, offersChallenge: challenge)
  }

  /// How many messages of a day are shared out: not those that only trusted browsers may use.
  private var sharedDay: Int? {
    guard sharesBudget, let day = limits[.siteDay]?.count else { return nil }
    return Self.part(of: day, keeping: reserve)
  }

  private static func part(of count: Int, keeping percent: Int) -> Int { count - count * percent / 100 }

  /// Where a message of somebody counts for as long as it was not verified.
  private func ofUnverified(_ attempt: TryIntent) -> [Rule] {
    let visitor = attempt.visitor
    return own(
      (.addressMinute, visitor.address), (.addressHour, visitor.address), (.addressDay, visitor.address),
      (.netHour, visitor.net), (.browserHour, visitor.browser)) + ofNets(visitor) + rules(ofRangesOf: attempt.number)
  }

  private func ofNets(_ visitor: VisitorKeys) -> [Rule] {
    guard !visitor.isOfOwnNetwork else { return [] }
    return own((.netDay, visitor.net)) + (visitor.wideNet.map { own((.wideNetDay, $0)) } ?? [])
  }

  private func own(_ limits: (LimitID, CounterKey)...) -> [Rule] {
    limits.flatMap { rules($0.0, $0.1) }
  }

  private func rules(_ id: LimitID, _ key: CounterKey, alarms: [Int] = []) -> [Rule] {
    limits[id].map { [Rule(id, key, $0, alarms: alarms)] } ?? []
  }

  /// The two limits of a number; the longer one carries the cooldowns, and so does the other where it is off.
  private func backoff(_ hour: LimitID, _ day: LimitID, _ key: CounterKey, _ cooldowns: [Duration]) -> [Rule] {
    let carrier = limits[day] == nil ? hour : day
    return [hour, day].compactMap { id in
      limits[id].map {
        Rule(
          id, key, $0, cooldowns: id == carrier ? cooldowns : [], cooldownsOfNext: id == carrier ? resendCooldowns : [])
      }
    }
  }

  private func budget(of site: CounterKey, keeping percent: Int = 0) -> [Rule] {
    [LimitID.siteHour, .siteDay].compactMap { id in
      limits[id].map { limit in
        Rule(
          id, site, Limit(Self.part(of: limit.count, keeping: percent), per: limit.window), alarms: alarms,
          alarmLimit: limit.count)
      }
    }
  }
}
