internal import Verification

/// All limits of a site, as data: turns a send or a try that is about to happen into the rules it must pass.
///
/// It knows no store and no time. The defaults are section 2.2 of the security reference.
///
/// **A stranger cannot lock a number's owner out.** A number that was verified in a browser is on counters of its own
/// in that browser, and passes neither the number's, the prefix's and the country's rows nor the guards, nor the site's
/// row of wrong PINs: all of these a stranger can use up. It is the browser *and* the number that are known, because a
/// stranger who types a number that is known to the site would otherwise be on the owner's counters. What is left to
/// such a number are the rows of its own address, net and browser, and the budget of the site, which nothing passes by;
/// `reserve` keeps a part of the budget for known numbers.
public struct LimitsPolicy: Sendable, Hashable {
  /// A row that is not in it is off.
  public var limits: [LimitRow: Limit]
  /// How long after one message to a number the next may be asked for by the form: after the first, the second, the
  /// third, and then always the last one.
  public var gaps: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(3600)]
  /// The same for "send again" on the page of the running request.
  public var resendGaps: [Duration] = [.seconds(30), .seconds(60), .seconds(120), .seconds(300), .seconds(3600)]
  /// Nil turns the conversion guards off.
  public var conversion: ConversionGuard.Terms? = .init()
  /// The percentages of the site's budget that give notice.
  public var alarms = [50, 80, 100]
  /// The percentage of the site's budget that only known numbers may use. 0 to 90.
  public var reserve = 0
  public var mode = Charge.Mode.enforce
  /// How long the longest send takes, with all its time-outs.
  public var flight: Duration = .seconds(30)
  /// For how long a form that was sent is remembered: longer than any form is accepted.
  public var nonceLife: Duration = .seconds(3600)
  /// For how long the answer to a send is kept: as long as its attempt lives.
  public var runningLife: Duration = Attempt.longestLife
  /// For how long after a success a number is known in its browser.
  public var knownLife: Duration = .days(180)

  public init(limits: [LimitRow: Limit] = Self.defaults) {
    self.limits = limits
  }

  public static let defaults: [LimitRow: Limit] = [
    // As many as there are gaps for before the hour: a visit can use each of them once.
    .requestResends: Limit(4, per: .day),
    .numberHour: Limit(5, per: .hour),
    .numberDay: Limit(10, per: .day),
    .knownHour: Limit(5, per: .hour),
    .knownDay: Limit(10, per: .day),
    .prefix4Hour: Limit(10, per: .hour),
    .prefix4Day: Limit(30, per: .day),
    .prefix6Hour: Limit(60, per: .hour),
    .countryHour: Limit(100, per: .hour),
    .addressMinute: Limit(3, per: .seconds(60)),
    .addressHour: Limit(10, per: .hour),
    .addressDay: Limit(30, per: .day),
    .netHour: Limit(60, per: .hour),
    .browserHour: Limit(5, per: .hour),
    .siteHour: Limit(200, per: .hour),
    .siteDay: Limit(1000, per: .day),
    .codeWrong: Limit(3, per: .day),
    .requestWrong: Limit(5, per: .day),
    .numberWrongHour: Limit(10, per: .hour),
    .numberWrongDay: Limit(20, per: .day),
    .numberWrongTotal: Limit(100, per: nil),
    .knownWrongHour: Limit(10, per: .hour),
    .knownWrongDay: Limit(20, per: .day),
    .knownWrongTotal: Limit(100, per: nil),
    .addressTries: Limit(10, per: .seconds(60)),
    .addressWrongHour: Limit(30, per: .hour),
    .netWrongHour: Limit(300, per: .hour),
    .browserTries: Limit(10, per: .seconds(600)),
    .siteWrongHour: Limit(300, per: .hour),
  ]
}

extension LimitsPolicy {
  /// What a send has to pass.
  public func charge(for send: SendIntent) -> Charge {
    let number = send.number
    let visitor = send.visitor
    let pair = Charge.Pair(number: number.number, browser: visitor.browser)
    let allowed = send.resendOf == nil ? gaps : resendGaps
    let site = number.site
    var rules = own(
      (.addressMinute, visitor.address), (.addressHour, visitor.address), (.addressDay, visitor.address),
      (.netHour, visitor.net), (.browserHour, visitor.browser))
    if let attempt = send.resendOf { rules += own((.requestResends, attempt)) }
    return Charge(
      mode: mode, pair: pair, rules: rules,
      knownRules: ladder(.knownHour, .knownDay, number.number.paired(with: visitor.browser), allowed)
        + budget(of: site),
      strangerRules: ladder(.numberHour, .numberDay, number.number, allowed)
        + own(
          (.prefix4Hour, number.prefix4), (.prefix4Day, number.prefix4), (.prefix6Hour, number.prefix6),
          (.countryHour, number.country))
        + budget(of: site, keeping: reserve),
      guards: guards(of: number), nonce: send.nonce, nonceLife: nonceLife, runningLife: runningLife, flight: flight,
      claim: send.code)
  }

  /// What a try of a PIN has to pass. It is charged as a wrong one, before the provider is asked; whatever becomes of
  /// it, only a success gives it back.
  public func charge(for attempt: TryIntent) -> Charge {
    let number = attempt.number
    let visitor = attempt.visitor
    let known = number.number.paired(with: visitor.browser)
    return Charge(
      mode: mode, pair: Charge.Pair(number: number.number, browser: visitor.browser),
      rules: own(
        (.codeWrong, attempt.code), (.requestWrong, attempt.attempt), (.addressTries, visitor.address),
        (.addressWrongHour, visitor.address), (.netWrongHour, visitor.net), (.browserTries, visitor.browser)),
      knownRules: own((.knownWrongHour, known), (.knownWrongDay, known), (.knownWrongTotal, known)),
      strangerRules: own(
        (.numberWrongHour, number.number), (.numberWrongDay, number.number), (.numberWrongTotal, number.number))
        + rules(.siteWrongHour, number.site, alarms: [100]),
      claim: attempt.code)
  }

  /// What the success of a try that was admitted brings about.
  public func claim(for attempt: TryIntent, _ receipt: Receipt) -> Claim {
    let number = attempt.number.number
    return Claim(
      key: attempt.code, life: .days(2), receipt: receipt,
      cleared: own(
        (.numberWrongTotal, number), (.knownWrongTotal, number.paired(with: attempt.visitor.browser))),
      guards: guards(of: attempt.number), knownLife: attempt.visitor.hasCookie ? knownLife : .zero)
  }

  /// What it takes to end a given-up request: once in its life. It holds while watching too, because it guards the provider
  /// and the machine, and no visitor notices it.
  public func charge(forEndOf request: CounterKey, in pair: Charge.Pair) -> Charge {
    Charge(pair: pair, rules: [Rule(.requestCancels, request, Limit(1, per: Attempt.longestLife))])
  }

  /// The rows of one number, without its browsers.
  public func rules(ofNumber number: CounterKey) -> [Rule] {
    LimitRow.ofNumber.flatMap { own(($0, number)) }
  }

  /// The rows of one number in browsers in which it is known.
  public func rules(ofNumber number: CounterKey, knownIn browsers: [CounterKey]) -> [Rule] {
    browsers.flatMap { browser in
      LimitRow.ofKnownNumber.flatMap { own(($0, number.paired(with: browser))) }
    }
  }

  /// The rows of one address, and of its net.
  public func rules(ofAddress address: CounterKey, net: CounterKey) -> [Rule] {
    own(
      (.addressMinute, address), (.addressHour, address), (.addressDay, address), (.addressTries, address),
      (.addressWrongHour, address), (.netHour, net), (.netWrongHour, net))
  }

  /// The rows of a number's prefixes and country.
  public func rules(ofRangesOf number: NumberKeys) -> [Rule] {
    own(
      (.prefix4Hour, number.prefix4), (.prefix4Day, number.prefix4), (.prefix6Hour, number.prefix6),
      (.countryHour, number.country))
  }

  /// The rows of the whole site.
  public func rules(ofSite site: CounterKey) -> [Rule] {
    own((.siteHour, site), (.siteDay, site), (.siteWrongHour, site))
  }

  /// The guards over a number's prefixes and country.
  public func guards(of number: NumberKeys) -> [ConversionGuard] {
    guard let conversion else { return [] }
    return [
      ConversionGuard(.prefix4Conversion, number.prefix4, conversion),
      ConversionGuard(.prefix6Conversion, number.prefix6, conversion),
      ConversionGuard(.countryConversion, number.country, conversion),
    ]
  }

  private func own(_ rows: (LimitRow, CounterKey)...) -> [Rule] {
    rows.flatMap { rules($0.0, $0.1) }
  }

  private func rules(_ row: LimitRow, _ key: CounterKey, alarms: [Int] = []) -> [Rule] {
    limits[row].map { [Rule(row, key, $0, alarms: alarms)] } ?? []
  }

  /// The two rows of a number; the longer one carries the gaps, and so does the other where it is off.
  private func ladder(_ hour: LimitRow, _ day: LimitRow, _ key: CounterKey, _ gaps: [Duration]) -> [Rule] {
    let carrier = limits[day] == nil ? hour : day
    return [hour, day].compactMap { row in
      limits[row].map {
        Rule(row, key, $0, gaps: row == carrier ? gaps : [], gapsOfNext: row == carrier ? resendGaps : [])
      }
    }
  }

  private func budget(of site: CounterKey, keeping percent: Int = 0) -> [Rule] {
    [LimitRow.siteHour, .siteDay].compactMap { row in
      limits[row].map { limit in
        Rule(
          row, site, Limit(limit.count - limit.count * percent / 100, per: limit.window), alarms: alarms,
          alarmLimit: limit.count)
      }
    }
  }
}
