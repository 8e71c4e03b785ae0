internal import DequeModule
internal import Logging
internal import Threads

/// Delivers alerts to one destination, one after the other, independently of the requests that caused them. A failed delivery is
/// retried a few times, and alerts beyond the queue's capacity are dropped; the log tells of both.
///
/// Sendable, because everything mutable is guarded by the lock.
final class AlertQueue: @unchecked Sendable {
  /// The destination's name in the log.
  private let name: String
  private let log: Logger
  private let backoff: [Duration]
  private let execution: Execution
  private let sleep: @Sendable (Duration) async -> Void
  private let deliver: @Sendable ([UInt8]) async -> Delivery

  private let lock = Lock()
  private var waiting: Deque<Alert> = []
  /// The alert that is being delivered.
  private var current: Alert?
  private var isBusy = false
  private var isOver = false
  /// Those who wait until everything was delivered or given up.
  private var callers: [CheckedContinuation<Void, Never>] = []

  /// More would not be news: each limit raises at most three alerts in its window.
  static let mostWaiting = 64
  static let backoff: [Duration] = [.seconds(1), .seconds(4), .seconds(15), .seconds(60)]

  /// - Parameters:
  ///   - backoff: the delays before the second try, the third, and so on.
  ///   - sleep: waits.
  ///   - deliver: delivers the alert's JSON.
  init(
    _ name: String, log: Logger, execution: Execution = .threads, backoff: [Duration] = AlertQueue.backoff,
    sleep: (@Sendable (Duration) async -> Void)? = nil, deliver: @escaping @Sendable ([UInt8]) async -> Delivery
  ) {
    self.name = name
    self.log = log
    self.backoff = backoff
    self.execution = execution
    self.sleep = sleep ?? { await execution.sleep(for: $0) }
    self.deliver = deliver
  }

  func post(_ alert: Alert) {
    enum Next { case start, wait, drop, lose }
    let next: Next = lock.withLock {
      if isOver { return .lose }
      guard waiting.count < Self.mostWaiting else { return .drop }
      waiting.append(alert)
      if isBusy { return .wait }
      isBusy = true
      return .start
    }
    switch next {
    case .start: execution.task { await self.run() }
    case .wait: break
    case .drop: log.error("alert.dropped", metadata: fields(alert))
    case .lose: log.error("alert.lost", metadata: fields(alert, Self.end))
    }
  }

  /// Gives up whatever was not delivered, and logs it. An alert that is on its way may still arrive.
  func giveUp() {
    let (lost, callers) = lock.withLock {
      defer {
        isOver = true
        current = nil
        waiting = []
        self.callers = []
      }
      return ((current.map { [$0] } ?? []) + waiting, self.callers)
    }
    for caller in callers { caller.resume() }
    for alert in lost { log.error("alert.lost", metadata: fields(alert, Self.end)) }
  }

  private static let end = "the program ended first"

  /// Whether everything was delivered or given up.
  var isIdle: Bool { lock.withLock { !isBusy } }

  /// Returns once everything was delivered or given up.
  func waitUntilIdle() async {
    await withCheckedContinuation { caller in
      let isNow = lock.withLock {
        let isNow = !isBusy || isOver
        if !isNow { callers.append(caller) }
        return isNow
      }
      if isNow { caller.resume() }
    }
  }

  private func run() async {
    while let alert = next() { await bring(alert) }
  }

  private func next() -> Alert? {
    let (next, callers) = lock.withLock {
      current = waiting.popFirst()
      isBusy = current != nil
      guard !isBusy else { return (current, [CheckedContinuation<Void, Never>]()) }
      defer { self.callers = [] }
      return (nil, self.callers)
    }
    for caller in callers { caller.resume() }
    return next
  }

  private func bring(_ alert: Alert) async {
    let json = alert.json
    for delay in backoff.map(Optional.init) + [nil] {
      let delivery = await deliver(json)
      // What was given up was logged already; what is logged here must not be given up afterwards.
      let isLast = if case .failed = delivery { delay == nil } else { true }
      let isOver = lock.withLock {
        if isLast { current = nil }
        return self.isOver
      }
      guard !isOver else { return }
      switch delivery {
      case .delivered:
        log.info("alert.delivered", metadata: fields(alert))
        return
      case .refused(let reason):
        log.error("alert.lost", metadata: fields(alert, reason))
        return
      case .failed(let reason):
        guard let delay else {
          log.error("alert.lost", metadata: fields(alert, reason))
          return
        }
        log.warning("alert.failed", metadata: fields(alert, reason))
        await sleep(delay)
        guard lock.withLock({ !self.isOver }) else { return }
      }
    }
  }

  private func fields(_ alert: Alert, _ reason: String? = nil) -> Logger.Metadata {
    var fields: Logger.Metadata = [
      "to": "\(name)", "id": "\(alert.id)", "event": "\(alert.event)", "row": "\(alert.row)",
    ]
    if let reason { fields["reason"] = "\(reason)" }
    return fields
  }
}

/// The result of one try to deliver something to the owner.
enum Delivery: Sendable, Hashable {
  case delivered
  /// It failed, and may be tried again.
  case failed(String)
  /// The receiver refused it. Alerts are then given up; a webhook's event is tried `WebhookCourier.mostRefusals` times.
  case refused(String)

  /// - Parameter status: the HTTP status of the answer.
  init(status: Int) {
    switch status {
    case 200..<300: self = .delivered
    case 408, 425, 429, 500...: self = .failed("HTTP \(status)")
    default: self = .refused("HTTP \(status)")
    }
  }
}
