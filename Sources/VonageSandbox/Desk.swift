internal import Gateway

/// The API's four calls on the state that they share. Everything that is due by the clock is carried out before each.
actor Desk {
  private let initialSettings: SandboxSettings
  private let source: @Sendable () -> Duration
  private let report: @Sendable (OutboxMessage) -> Void
  var settings: SandboxSettings
  var clock: SandboxClock
  var ledger: Ledger
  private var throttle = Throttle()

  init(
    _ settings: SandboxSettings, clock: @escaping @Sendable () -> Duration,
    report: @escaping @Sendable (OutboxMessage) -> Void
  ) {
    initialSettings = settings
    source = clock
    self.report = report
    self.settings = settings
    self.clock = SandboxClock(clock)
    ledger = Ledger(report: report)
  }

  /// Everything as it was at the start.
  func reset() {
    settings = initialSettings
    clock = SandboxClock(source)
    ledger = Ledger(report: report)
    throttle = Throttle()
  }

  func take(_ operation: Operation, _ parameters: CallParameters, authorization: String?) -> CallOutcome {
    let now = settle()
    var outcome: CallOutcome
    do throws(Refusal) {
      let account = try Account.key(
        authorization: authorization, parameters: parameters, accepted: settings.credentials)
      guard throttle.admit(account, limit: settings.callsPerSecond, at: now) else { throw Refusal.throttled }
      switch operation {
      case .start: outcome = try start(parameters, account, now)
      case .check: outcome = try check(parameters, account, now)
      case .control: outcome = try control(parameters, account, now)
      case .search: outcome = try search(parameters, account, now)
      }
    } catch {
      outcome = CallOutcome(error)
    }
    ledger.statistics.count(operation, answer: outcome.counted)
    outcome.delay = settings.delay + extraDelay(outcome.fault)
    return outcome
  }

  /// The account's balance, in the form of the Account API.
  func balance(_ parameters: CallParameters, authorization: String?) throws(Refusal) -> Response {
    _ = try Account.key(authorization: authorization, parameters: parameters, accepted: settings.credentials)
    return .json(Array(#"{"value":10.28,"autoReload":false}"#.utf8))
  }

  /// Brings everything up to the present time, which it returns.
  @discardableResult
  func settle() -> Duration {
    let now = clock.now()
    ledger.settle(at: now)
    return now
  }

  private func extraDelay(_ fault: Fault?) -> Duration {
    switch fault {
    case .slow: settings.slowDelay
    case .silent, .answerNeverComes: settings.silence
    default: .zero
    }
  }
}
