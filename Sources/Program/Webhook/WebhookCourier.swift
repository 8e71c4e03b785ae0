internal import Flow
internal import Limits
internal import Logging
internal import Threads

/// Brings what waits in the outbox to the owner's URL, the oldest first. It is brought there at least once: who dies on the
/// way, or gets no answer, has it brought again.
///
/// `@unchecked Sendable`: what changes is under the lock.
final class WebhookCourier: @unchecked Sendable {
  private let store: any OutboxStore
  private let outbox: CounterKey
  private let log: Logger
  private let execution: Execution
  private let deliver: @Sendable (VerifiedEvent) async -> Delivery

  private let lock = Lock()
  private var bell = OneTimeEvent()
  private var isOver = false
  private let end = OneTimeEvent()

  /// Before the second try, the third, and so on: 17 hours in all. After the last the message is lost.
  static let backoff: [Duration] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map { .seconds($0) }
  /// How often what is refused for good, by its status, is tried: the owner may be mending it.
  static let mostRefusals = 4
  /// How many are taken at a time.
  static let batch = 8
  /// How long they are this process's alone, and how long it tries to bring them: a try more takes no longer than the rest.
  static let leaseTime: Duration = .seconds(120)
  static let workTime: Duration = .seconds(60)
  /// Another process may have left something, and died.
  static let longestPause: Duration = .seconds(30)
  /// After a failure of the store.
  static let storePause: Duration = .seconds(5)

  /// - Parameter deliver: takes an event there.
  init(
    _ store: any OutboxStore, outbox: CounterKey, log: Logger, execution: Execution,
    deliver: @escaping @Sendable (VerifiedEvent) async -> Delivery
  ) {
    self.store = store
    self.outbox = outbox
    self.log = log
    self.execution = execution
    self.deliver = deliver
  }

  /// Brings what comes, until `stop`.
  func run() async {
    while let bell = nextBell() {
      let pause = min(await pass() ?? Self.longestPause, Self.longestPause)
      let timer = execution.task { [execution] in
        await execution.sleep(for: pause)
        bell.happen()
      }
      await bell.wait()
      timer.cancel()
    }
    end.happen()
  }

  /// What rings when there is something new; nil at the end.
  private func nextBell() -> OneTimeEvent? {
    lock.withLock {
      guard !isOver else { return nil }
      bell = OneTimeEvent()
      return bell
    }
  }

  /// There is something new.
  func wake() {
    lock.withLock { bell }.happen()
  }

  /// Ends `run` after what it is bringing now, and waits for that, but no longer than this. May be called more than once.
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

  /// Brings what is due, until nothing is.
  ///
  /// - Returns: when there may be more; nil when nothing waits.
  func pass() async -> Duration? {
    do throws(StoreFailure) {
      while !lock.withLock({ isOver }) {
        let began = ContinuousClock.now
        let lease = try await store.lease(outbox, atMost: Self.batch, for: Self.leaseTime)
        guard !lease.messages.isEmpty else { return lease.next }
        let settlement = await bring(lease, until: began + Self.workTime)
        try await store.settle(outbox, settlement)
        if case .again(let pause) = settlement.next { return pause }
      }
      return nil
    } catch {
      log.warning("webhook.store_failed", metadata: ["code": "\(error.code)", "detail": "\(error.detail)"])
      return Self.storePause
    }
  }

  private func bring(_ lease: OutboxLease, until deadline: ContinuousClock.Instant) async -> OutboxSettlement {
    var (done, lost) = (0, 0)
    for (index, content) in lease.messages.enumerated() {
      guard .now < deadline, !lock.withLock({ isOver }) else { break }
      guard let event = content.flatMap(VerifiedEvent.init(content:)) else {
        log.error("webhook.lost", metadata: ["reason": "it has waited for too long, or cannot be read"])
        (done, lost) = (done + 1, lost + 1)
        continue
      }
      let tries = index == 0 ? lease.tries : 0
      switch await deliver(event) {
      case .delivered:
        log.info("webhook.delivered", metadata: ["id": "\(event.id)"])
        done += 1
      case .failed(let reason):
        return OutboxSettlement(of: lease, done: done, lost: lost, next: failed(event, tries, .max, reason))
      case .refused(let reason):
        return OutboxSettlement(
          of: lease, done: done, lost: lost, next: failed(event, tries, Self.mostRefusals, reason))
      }
    }
    return OutboxSettlement(of: lease, done: done, lost: lost, next: .untried)
  }

  /// - Parameter most: how often it is tried.
  private func failed(_ event: VerifiedEvent, _ tries: Int, _ most: Int, _ reason: String) -> OutboxSettlement.Next {
    let metadata: Logger.Metadata = ["id": "\(event.id)", "try": "\(tries + 1)", "reason": "\(reason)"]
    guard tries + 1 < most, tries < Self.backoff.count else {
      log.error("webhook.lost", metadata: metadata)
      return .lost
    }
    log.warning("webhook.failed", metadata: metadata)
    return .again(Self.backoff[tries])
  }
}
