/// What the console shows and sets.
extension Desk {
  struct ClockReading: Encodable {
    /// ISO 8601 in UTC.
    let now: String
    /// How far ahead of the true time it is, in seconds.
    let advanced: Int64
  }

  struct SettingsReading: Encodable {
    let delayMS: Int64
    let slowMS: Int64
    let silenceMS: Int64
    let searchLagMS: Int64
    /// 0: no limit.
    let callsPerSecond: Int
    let pinCode: Int

    enum CodingKeys: String, CodingKey {
      case delayMS = "delay_ms"
      case slowMS = "slow_ms"
      case silenceMS = "silence_ms"
      case searchLagMS = "search_lag_ms"
      case callsPerSecond = "calls_per_second"
      case pinCode = "pin_code"
    }
  }

  func messages() -> [OutboxMessage] {
    settle()
    return ledger.outbox.newestFirst
  }

  func statistics() -> Statistics {
    settle()
    return ledger.statistics
  }

  func countRedirect() {
    ledger.statistics.redirectsFollowed += 1
  }

  func outboxPage() -> OutboxPage {
    let now = settle()
    return OutboxPage(messages: ledger.outbox.newestFirst, sent: ledger.statistics.messages, now: now)
  }

  func clockReading() -> ClockReading {
    ClockReading(now: SandboxTime.iso8601(settle()), advanced: clock.advanced.components.seconds)
  }

  /// - Parameter parameters: `advance`, in whole seconds, at most a year.
  func advanceClock(_ parameters: CallParameters) throws(Refusal) -> ClockReading {
    try ParameterRules.admitOnly(["advance"], in: parameters)
    guard let seconds = try ParameterRules.integer("advance", in: parameters, range: 0...31_536_000)
    else { throw .missing("advance") }
    settle()
    clock.advance(by: .seconds(seconds))
    return clockReading()
  }

  func settingsReading() -> SettingsReading {
    SettingsReading(
      delayMS: Self.milliseconds(settings.delay), slowMS: Self.milliseconds(settings.slowDelay),
      silenceMS: Self.milliseconds(settings.silence), searchLagMS: Self.milliseconds(settings.searchLag),
      callsPerSecond: settings.callsPerSecond ?? 0, pinCode: settings.allowsPinCode ? 1 : 0)
  }

  /// Changes what is named and leaves the rest; all or, when one value is wrong, nothing.
  func change(_ parameters: CallParameters) throws(Refusal) -> SettingsReading {
    try ParameterRules.admitOnly(
      ["delay_ms", "slow_ms", "silence_ms", "search_lag_ms", "calls_per_second", "pin_code"], in: parameters)
    var changed = settings
    changed.delay = try Self.duration("delay_ms", parameters) ?? changed.delay
    changed.slowDelay = try Self.duration("slow_ms", parameters) ?? changed.slowDelay
    changed.silence = try Self.duration("silence_ms", parameters) ?? changed.silence
    changed.searchLag = try Self.duration("search_lag_ms", parameters) ?? changed.searchLag
    if let limit = try ParameterRules.integer("calls_per_second", in: parameters, range: 0...1_000_000) {
      changed.callsPerSecond = limit == 0 ? nil : limit
    }
    if let isOn = try ParameterRules.integer("pin_code", in: parameters, range: 0...1) {
      changed.allowsPinCode = isOn == 1
    }
    settings = changed
    return settingsReading()
  }

  private static func duration(_ name: String, _ parameters: CallParameters) throws(Refusal) -> Duration? {
    try ParameterRules.integer(name, in: parameters, range: 0...3_600_000).map { .milliseconds($0) }
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
  }
}
