internal import Encoding
internal import Flow
internal import Limits
internal import Logging
internal import Threads

/// Delivers the events in the outbox to the owner's URL, several at a time, each on its own schedule: one without an answer holds
/// up no other. Each is delivered at least once: if the process dies on the way, the event is delivered again.
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class WebhookCourier: @unchecked Sendable {
  private let store: any OutboxStore
  private let outbox: CounterKey
  private let log: Logger
  private let execution: Execution
  private let tellOfOverflow: @Sendable (Int64) -> Void
  private let deliver: @Sendable (VerifiedEvent) async -> Delivery

  private let lock = Lock()
  private var bell = OneTimeEvent()
  private var inFlight = 0
  private var lost = 0
  private var isOver = false
  /// Whether it goes on until `finish`, because its successor looks after another outbox.
  private var isLeft = false
  /// The courier that delivers from now on.
  private var successor: WebhookCourier?
  private let end = OneTimeEvent()

  /// How many times an event is tried that the receiver's status refuses: the owner may be fixing the receiver.
  static let mostRefusals = 6
  static let mostInFlight = 8
  /// The longest sleep: another process may have left something and died.
  static let longestSleep: Duration = .seconds(30)
  /// The wait after a failure of the store.
  static let storeBackoff: Duration = .seconds(5)

  /// - Parameters:
  ///   - tellOfOverflow: is told how many events found no room, at most once an hour.
  ///   - deliver: delivers an event.
  init(
    _ store: any OutboxStore, outbox: CounterKey, log: Logger, execution: Execution,
    tellOfOverflow: @escaping @Sendable (Int64) -> Void = { _ in },
    deliver: @escaping @Sendable (VerifiedEvent) async -> Delivery
  ) {
    self.store = store
    self.outbox = outbox
    self.log = log
    self.execution = execution
    self.tellOfOverflow = tellOfOverflow
    self.deliver = deliver
  }

  /// Delivers whatever comes until `retire` or `finish`, and returns once everything begun has ended.
  func run() async {
    while let bell = nextBell() { await rest(until: bell, for: await step().next ?? Self.longestSleep) }
    // What the last requests left is delivered now, or never.
    if lock.withLock({ isLeft }) { _ = await step() }
    await drain()
    end.happen()
  }

  /// Delivers whatever comes before a deadline, for a process that does nothing else and need not be the only one: it looks once
  /// a second for what others have left, and returns early if nothing comes due before the deadline.
  ///
  /// - Returns: how many events were given up or found no room.
  /// - Throws: if the store cannot be used.
  func work(until deadline: ContinuousClock.Instant) async throws(StoreFailure) -> Int {
    let name = [UInt8].random128()
    while try await attend(as: name) {
      let failure = await attended(as: name, until: deadline)
      // Whatever was begun: a delivery that nobody knows about would be repeated.
      await drain()
      if let failure { throw failure }
      _ = try await attend(as: name, for: .zero)
      // Anyone who left something until now found this courier at work, and left it alone.
      guard .now < deadline, try await store.lease(outbox, atMost: 0).next == .zero else { break }
    }
    return lock.withLock { lost }
  }

  /// Delivers whatever comes before the deadline, as the one that attends the outbox.
  private func attended(as name: [UInt8], until deadline: ContinuousClock.Instant) async -> StoreFailure? {
    var attended = ContinuousClock.now
    while let bell = nextBell(), .now < deadline {
      if .now - attended > Self.attendance / 3 {
        do throws(StoreFailure) {
          guard try await attend(as: name) else { return nil }
        } catch {
          return error
        }
        attended = .now
      }
      let (next, isIdle) = await step()
      if isIdle, next.map({ .now + $0 >= deadline }) ?? true { return nil }
      await rest(until: bell, for: min(next ?? Self.pollInterval, Self.pollInterval))
    }
    return nil
  }

  private static let pollInterval: Duration = .seconds(1)
  /// Longer than the time from one look to the next.
  private static let attendance: Duration = .seconds(30)

  private func attend(as name: [UInt8], for time: Duration = attendance) async throws(StoreFailure) -> Bool {
    try await store.attend(outbox, as: name, for: time)
  }

  /// Says that there is something new.
  func wake() {
    let (bell, successor) = lock.withLock { (self.bell, self.successor) }
    bell.happen()
    successor?.wake()
  }

  /// Takes no more events; what was begun ends.
  ///
  /// - Parameter successor: delivers the others, and is woken in this one's place. If it looks after another outbox, this one goes
  ///   on until `finish`: its site's last requests may still leave something.
  func retire(for successor: WebhookCourier?) {
    let isSame =
      successor.map { ($0.store as AnyObject) === (store as AnyObject) && $0.outbox == outbox } ?? true
    guard isSame else { return lock.withLock { isLeft = true } }
    let bell = lock.withLock {
      isOver = true
      self.successor = successor
      return self.bell
    }
    bell.happen()
    successor?.wake()
  }

  /// Ends `run` after its current deliveries, and waits for them, but no longer than this. May be called more than once.
  func finish(within time: Duration) async {
    let bell = lock.withLock {
      isOver = true
      return self.bell
    }
    bell.happen()
    let timer = execution.task { [execution, end] in
      await execution.sleep(for: time)
      end.happen()
    }
    await end.wait()
    timer.cancel()
  }

  // MARK: A turn

  /// Rings when there is something new or a delivery has ended; nil at the end.
  private func nextBell() -> OneTimeEvent? {
    lock.withLock {
      guard !isOver else { return nil }
      bell = OneTimeEvent()
      return bell
    }
  }

  private func rest(until bell: OneTimeEvent, for time: Duration) async {
    let timer = execution.task { [execution] in
      await execution.sleep(for: min(time, Self.longestSleep))
      bell.happen()
    }
    await bell.wait()
    timer.cancel()
  }

  /// Waits for the deliveries that were begun.
  private func drain() async {
    while true {
      let ring = lock.withLock { () -> OneTimeEvent? in
        guard inFlight > 0 else { return nil }
        bell = OneTimeEvent()
        return bell
      }
      guard let ring else { return }
      await ring.wait()
    }
  }

  /// Begins what is due, as far as there is room.
  ///
  /// - Returns: when there may be more to do, nil if nothing is waiting; and whether nothing was in flight and nothing was begun:
  ///   otherwise there may be more as soon as one ends.
  private func step() async -> (next: Duration?, isIdle: Bool) {
    let room = lock.withLock { Self.mostInFlight - inFlight }
    guard room > 0 else { return (nil, false) }
    let lease: OutboxLease
    do throws(StoreFailure) {
      lease = try await store.lease(outbox, atMost: room)
    } catch {
      tell(error)
      return (Self.storeBackoff, room == Self.mostInFlight)
    }
    if lease.overflow > 0 {
      log.error("webhook.overflow", metadata: ["events": "\(lease.overflow)", "waiting": "\(lease.waiting)"])
      tellOfOverflow(lease.overflow)
    }
    if lease.unreadable > 0 {
      log.error(
        "webhook.lost",
        metadata: ["reason": "waited for too long, or cannot be read", "events": "\(lease.unreadable)"])
    }
    lock.withLock {
      lost += lease.unreadable + Int(lease.overflow)
      inFlight += lease.messages.count
    }
    for message in lease.messages {
      execution.task { [self] in
        await bring(message)
        let bell = lock.withLock {
          inFlight -= 1
          return self.bell
        }
        bell.happen()
      }
    }
    return (lease.next, room == Self.mostInFlight && lease.messages.isEmpty)
  }

  private func bring(_ message: OutboxLease.Message) async {
    guard let event = VerifiedEvent(content: message.content) else {
      if await settle(message, .lost) { tellOfLoss(["reason": "cannot be read"]) }
      return
    }
    switch await deliver(event) {
    case .delivered:
      if await settle(message, .delivered) { log.info("webhook.delivered", metadata: ["id": "\(event.id)"]) }
    case .failed(let reason): await fail(message, event, most: OutboxMessage.backoff.count + 1, reason)
    case .refused(let reason): await fail(message, event, most: Self.mostRefusals, reason)
    }
  }

  /// - Parameter most: how many times it is tried.
  private func fail(_ message: OutboxLease.Message, _ event: VerifiedEvent, most: Int, _ reason: String) async {
    let metadata: Logger.Metadata = ["id": "\(event.id)", "try": "\(message.tries + 1)", "reason": "\(reason)"]
    if message.tries + 1 < most {
      await settle(message, .failed)
      log.warning("webhook.failed", metadata: metadata)
    } else if await settle(message, .lost) {
      tellOfLoss(metadata)
    }
  }

  /// - Returns: whether it was settled; if not, it is delivered again when its lease expires, or somebody else has it by now.
  @discardableResult
  private func settle(_ message: OutboxLease.Message, _ end: OutboxLease.End) async -> Bool {
    do throws(StoreFailure) {
      return try await store.settle(outbox, message, end)
    } catch {
      tell(error)
      return false
    }
  }

  private func tellOfLoss(_ metadata: Logger.Metadata) {
    lock.withLock { lost += 1 }
    log.error("webhook.lost", metadata: metadata)
  }

  private func tell(_ failure: StoreFailure) {
    log.warning("webhook.store_failed", metadata: ["code": "\(failure.code)", "detail": "\(failure.detail)"])
  }
}
