import CounterStoreContract
import Crypto
import Flow
import Foundation
import LimitEngine
import Limits
import Logging
import SQLiteStore
import Support
import Testing
import Threads
import Tokens
import Verification

@testable import Program

/// An outbox in a real store, with a clock that a test moves, and a receiver that answers what it is told to.
private final class Bench: @unchecked Sendable {
  // Sendable because what changes is under the lock.
  private let lock = NSLock()
  private var answers: [Delivery] = []
  private var got: [VerifiedEvent] = []
  private var places: [String] = []
  private var nextHangs: OneTimeEvent?
  let outbox = CounterKey([UInt8](repeating: 7, count: 16))
  let store: SQLiteStore
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    store = try SQLiteStore(path: folder.path + "/store.sqlite", clock: clock.now)
  }

  private let clock = ManualClock()

  func advance(_ duration: Duration) { clock.advance(duration) }

  func answer(_ answers: [Delivery]) { lock.withLock { self.answers = answers } }

  var received: [VerifiedEvent] { lock.withLock { got } }

  /// Has the next event hang until the end.
  func hang() -> OneTimeEvent {
    let end = OneTimeEvent()
    lock.withLock { nextHangs = end }
    return end
  }

  func courier(at place: String = "") -> WebhookCourier {
    WebhookCourier(
      store, outbox: outbox, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, execution: .threads
    ) { [self] event in
      let (answer, end) = lock.withLock {
        got.append(event)
        places.append(place)
        defer { nextHangs = nil }
        return (answers.isEmpty ? Delivery.delivered : answers.removeFirst(), nextHangs)
      }
      await end?.wait()
      return answer
    }
  }

  /// Has a courier deliver what is due, but nothing that comes due later.
  ///
  /// - Parameter time: shorter than the shortest backoff where something is left to wait: then the courier waits for nothing.
  /// - Returns: when there may be more to do; nil when nothing is waiting.
  func deliverWhatIsDue(within time: Duration = .seconds(3)) async throws -> Duration? {
    _ = try await courier().work(until: .now + time)
    return try await store.lease(outbox, atMost: 0).next
  }

  /// Where each was brought.
  var placesReceived: [String] { lock.withLock { places } }

  func succeed(_ count: Int) async throws {
    for _ in 0..<count {
      let proof = Proof(
        subject: "somebody", issuedAt: Timestamp(secondsSinceEpoch: 1_800_000_000),
        expiresAt: Timestamp(secondsSinceEpoch: 1_800_003_600), methods: Proof.Methods(.text))
      let event = VerifiedEvent(proof)
      let use = OneTimeUse(
        key: CounterKey(Array(UUID().uuidString.utf8)), life: .seconds(60),
        message: OutboxMessage(event.content, to: outbox))
      _ = try await store.consume(use)
    }
  }
}

@Suite struct `A webhook's courier` {
  @Test func `brings each event once when all is well`() async throws {
    let bench = try Bench()
    try await bench.succeed(20)
    #expect(try await bench.deliverWhatIsDue(within: .seconds(60)) == nil)
    #expect(bench.received.count == 20 && Set(bench.received.map(\.id)).count == 20)
    #expect(try await bench.deliverWhatIsDue(within: .seconds(60)) == nil)
    #expect(bench.received.count == 20)
  }

  @Test func `tries again by its schedule, the same event, and then gives it up`() async throws {
    let bench = try Bench()
    try await bench.succeed(1)
    bench.answer([Delivery](repeating: .failed("HTTP 503"), count: OutboxMessage.backoff.count + 1))
    for pause in OutboxMessage.backoff {
      #expect(try await bench.deliverWhatIsDue() == pause)
      // Too early.
      #expect(try await bench.deliverWhatIsDue() == pause)
      bench.advance(pause)
    }
    // The last try.
    #expect(try await bench.deliverWhatIsDue() == nil)
    #expect(bench.received.count == OutboxMessage.backoff.count + 1 && Set(bench.received.map(\.id)).count == 1)
    #expect(try await bench.store.lease(bench.outbox, atMost: 0).lost == 1)
  }

  @Test func `gives up sooner what is refused`() async throws {
    let bench = try Bench()
    try await bench.succeed(1)
    bench.answer([Delivery](repeating: .refused("HTTP 400"), count: WebhookCourier.mostRefusals))
    for pause in OutboxMessage.backoff.prefix(WebhookCourier.mostRefusals - 1) {
      #expect(try await bench.deliverWhatIsDue() == pause)
      bench.advance(pause)
    }
    #expect(try await bench.deliverWhatIsDue() == nil)
    #expect(bench.received.count == WebhookCourier.mostRefusals)
  }

  @Test func `brings all others while one gets no answer, and while one waits for its next try`() async throws {
    let bench = try Bench()
    try await bench.succeed(1)
    bench.answer([.failed("HTTP 503")])
    #expect(try await bench.deliverWhatIsDue() == .seconds(5))
    let end = bench.hang()
    try await bench.succeed(30)
    let courier = bench.courier()
    let task = Task { await courier.run() }
    while bench.received.count < 31 { await Task.yield() }
    // All but the one that waits and the one that hangs are settled.
    while try await bench.store.lease(bench.outbox, atMost: 0).waiting > 2 { await Task.yield() }
    end.happen()
    await courier.finish(within: .seconds(60))
    await task.value
    #expect(try await bench.store.lease(bench.outbox, atMost: 0).waiting == 1)
  }

  @Test func `brings nothing any more when another one is in its place, and wakes that`() async throws {
    let bench = try Bench()
    let (former, next) = (bench.courier(at: "former"), bench.courier(at: "next"))
    let tasks = [former, next].map { courier in Task { await courier.run() } }
    former.retire(for: next)
    await tasks[0].value
    try await bench.succeed(3)
    former.wake()
    while bench.received.count < 3 { await Task.yield() }
    #expect(bench.placesReceived == ["next", "next", "next"])
    await next.finish(within: .seconds(60))
    await tasks[1].value
  }

  @Test func `there is one at a time that works for a while, and it says what was lost`() async throws {
    let bench = try Bench()
    try await bench.succeed(2)
    #expect(try await bench.store.attend(bench.outbox, as: [1], for: .seconds(30)))
    #expect(try await bench.courier().work(until: .now + .seconds(60)) == 0)
    #expect(bench.received.isEmpty)
    #expect(try await bench.store.attend(bench.outbox, as: [1], for: .zero))
    #expect(try await bench.courier().work(until: .now + .seconds(60)) == 0)
    #expect(bench.received.count == 2)
    try await bench.succeed(1)
    bench.answer([Delivery](repeating: .refused("HTTP 400"), count: WebhookCourier.mostRefusals))
    for pause in OutboxMessage.backoff.prefix(WebhookCourier.mostRefusals - 1) {
      // The next try does not come within its time.
      #expect(try await bench.courier().work(until: .now + .seconds(3)) == 0)
      bench.advance(pause)
    }
    #expect(try await bench.courier().work(until: .now + .seconds(60)) == 1)
  }

  @Test func `tells of what there was no room for`() async throws {
    struct FullStore: OutboxStore {
      func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease {
        var lease = OutboxLease()
        lease.overflow = 3
        return lease
      }
    }
    let told = Locked<Int64>(0)
    let courier = WebhookCourier(
      FullStore(), outbox: CounterKey([1]), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      execution: .threads, tellOfOverflow: { count in told.with { $0 += count } }, deliver: { _ in .delivered })
    #expect(try await courier.work(until: .now + .seconds(60)) == 3)
    let count = told.with { $0 }
    #expect(count == 3)
  }

  @Test func `runs until it is stopped, and wakes for what is new`() async throws {
    let bench = try Bench()
    let courier = bench.courier()
    let task = Task { await courier.run() }
    try await bench.succeed(1)
    while bench.received.isEmpty {
      courier.wake()
      await Task.yield()
    }
    await courier.finish(within: .seconds(60))
    await task.value
    #expect(bench.received.count == 1)
  }

  @Test func `signs as Standard Webhooks has it`() throws {
    // The example of its specification (standard-webhooks.md, "Verifying signatures", and its libraries' tests).
    let key = SymmetricKey(data: try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
    let event = try #require(VerifiedEvent(content: Array("msg_p5jXN8AQM9LWM0D4loKWxJek\n{\"test\": 2432232314}".utf8)))
    #expect(
      Webhook.signatures(of: event, at: 1_614_265_330, keys: [key]) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
  }
}
