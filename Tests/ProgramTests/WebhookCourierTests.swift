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
  let outbox = CounterKey([UInt8](repeating: 7, count: 16))
  let store: SQLiteStore
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let seconds = Locked<Int64>(0)
    clock = seconds
    store = try SQLiteStore(path: folder.path + "/store.sqlite") {
      let now = seconds.with { $0 }
      return MachineTime(boot: [1], sinceBoot: now * 1_000, wall: 1_800_000_000_000 + now * 1_000)
    }
  }

  private let clock: Locked<Int64>

  func advance(_ duration: Duration) { clock.with { $0 += duration.components.seconds } }

  func answer(_ answers: [Delivery]) { lock.withLock { self.answers = answers } }

  var received: [VerifiedEvent] { lock.withLock { got } }

  func courier() -> WebhookCourier {
    WebhookCourier(
      store, outbox: outbox, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, execution: .threads
    ) {
      [self] event in
      lock.withLock {
        got.append(event)
        return answers.isEmpty ? .delivered : answers.removeFirst()
      }
    }
  }

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
  @Test func `brings each event once and in its order when all is well`() async throws {
    let bench = try Bench()
    try await bench.succeed(20)
    #expect(await bench.courier().pass() == nil)
    #expect(bench.received.count == 20 && Set(bench.received.map(\.id)).count == 20)
    #expect(await bench.courier().pass() == nil)
    #expect(bench.received.count == 20)
  }

  @Test func `tries again by its schedule, the same event, and then gives it up`() async throws {
    let bench = try Bench()
    try await bench.succeed(2)
    bench.answer([Delivery](repeating: .failed("HTTP 503"), count: WebhookCourier.backoff.count + 1))
    for pause in WebhookCourier.backoff {
      #expect(await bench.courier().pass() == pause)
      // Too early.
      #expect(await bench.courier().pass() == pause)
      bench.advance(pause)
    }
    #expect(Set(bench.received.map(\.id)).count == 1)
    // The last try; and the next event has its turn.
    #expect(await bench.courier().pass() == nil)
    #expect(Set(bench.received.map(\.id)).count == 2)
    #expect(try await bench.store.lease(bench.outbox, atMost: 1, for: .seconds(1)).lost == 1)
  }

  @Test func `gives up sooner what is refused`() async throws {
    let bench = try Bench()
    try await bench.succeed(1)
    bench.answer([Delivery](repeating: .refused("HTTP 400"), count: WebhookCourier.mostRefusals))
    for pause in WebhookCourier.backoff.prefix(WebhookCourier.mostRefusals - 1) {
      #expect(await bench.courier().pass() == pause)
      bench.advance(pause)
    }
    #expect(await bench.courier().pass() == nil)
    #expect(bench.received.count == WebhookCourier.mostRefusals)
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
