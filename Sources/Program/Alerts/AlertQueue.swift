internal import DequeModule
internal import Logging
internal import Threads

/// Brings alerts to one place, one after the other, apart from the requests that caused them. What fails is tried again a
/// few times; what is too much is dropped, and both are in the log.
///
/// Sendable, because what changes is only touched under the lock.
final class AlertQueue: @unchecked Sendable {
  /// What the place is called in the log.
  private let name: String
  private let log: Logger
  private let pauses: [Duration]
  private let execution: Execution
  private let pause: @Sendable (Duration) async -> Void
  private let deliver: @Sendable ([UInt8]) async -> Delivery

  private let lock = Lock()
  private var waiting: Deque<Alert> = []
  /// The one that is being brought there.
  private var current: Alert?
  private var isBusy = false
  private var isOver = false
  /// Who waits until everything was brought there, or given up.
  private var callers: [CheckedContinuation<Void, Never>] = []

  /// More cannot be news: each row tells of itself three times in its window.
  static let mostWaiting = 64
  static let pauses: [Duration] = [.seconds(1), .seconds(4), .seconds(15), .seconds(60)]

  /// - Parameters:
  ///   - pauses: before the second try, the third, and so on.
  ///   - pause: waits; not really in tests.
  ///   - deliver: takes the alert's JSON there.
  init(
    _ name: String, log: Logger, execution: Execution = .threads, pauses: [Duration] = AlertQueue.pauses,
    pause: (@Sendable (Duration) async -> Void)? = nil, deliver: @escaping @Sendable ([UInt8]) async -> Delivery
  ) {
    self.name = name
    self.log = log
    self.pauses = pauses
    self.execution = execution
    self.pause = pause ?? { await execution.sleep(for: $0) }
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

  /// Gives up whatever was not brought there, and says so. One that is on its way may arrive all the same.
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

  /// Whether everything was brought there, or given up.
  var isIdle: Bool { lock.withLock { !isBusy } }

  /// Returns when everything was brought there, or given up.
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
    for pause in pauses.map(Optional.init) + [nil] {
      let delivery = await deliver(json)
      // What was given up was told already; what is told here is not to be given up any more.
      let isLast = if case .failed = delivery { pause == nil } else { true }
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
        guard let pause else {
          log.error("alert.lost", metadata: fields(alert, reason))
          return
        }
        log.warning("alert.failed", metadata: fields(alert, reason))
        await self.pause(pause)
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

/// What came of one try to bring an alert to its owner.
enum Delivery: Sendable, Hashable {
  case delivered
  /// It may be tried again.
  case failed(String)
  /// Trying again is of no use.
  case refused(String)

  /// - Parameter status: of the answer.
  init(status: Int) {
    switch status {
    case 200..<300: self = .delivered
    case 408, 425, 429, 500...: self = .failed("HTTP \(status)")
    default: self = .refused("HTTP \(status)")
    }
  }
}
