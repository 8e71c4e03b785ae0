import CounterStoreContract
import Encoding
import Foundation
import LimitEngine
import Limits
import Testing
import Threads

@testable import RedisStore

/// What happens when something happens in somebody's turn. A process asks its clock after it got the turn and before it
/// writes: so a clock is where a test gets in between.
@Suite(.serialized)
struct RedisTurnTests {
  private let server: RedisServer
  private let clock = ManualClock()
  private let policy: LimitsPolicy

  init() throws {
    server = try RedisServer()
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1, per: .seconds(86_400))])
    policy.sharesBudget = false
    self.policy = policy
  }

  /// - Parameter inTurn: is done in its first turn, before it decides.
  private func open(_ inTurn: @escaping @Sendable () -> Void = {}) throws -> RedisStore {
    let clock = clock
    let first = FirstTime()
    return RedisStore(try RedisAddress("unix:\(server.socket)"), usesServerTime: false) {
      if first.isNow { inTurn() }
      return clock.now()
    }
  }

  private func isAdmitted(_ store: RedisStore) async throws -> Bool {
    let request = policy.reservation(for: Keys.send(by: UUID().uuidString))
    guard case .permitted = try await store.reserve(request).result else { return false }
    return true
  }

  private func count(_ store: RedisStore) async throws -> Int {
    try await store.counts(of: policy.rulesOfSite())[0].count
  }

  @Test
  func `who stood still until its turn was over writes nothing of it, and decides anew`() async throws {
    let stands = DispatchSemaphore(value: 0)
    let goesOn = DispatchSemaphore(value: 0)
    let slow = try open {
      stands.signal()
      goesOn.wait()
    }
    async let late = isAdmitted(slow)
    await Task.detached { wait(for: stands) }.value
    // Which is what the end of its lease does.
    try server.command("DEL", "{pingate}:turn")
    let quick = try open()
    #expect(try await isAdmitted(quick))
    goesOn.signal()
    #expect(try await !late)
    #expect(try await count(quick) == 1)
  }

  @Test
  func `who stands still in its turn is passed by`() async throws {
    let stands = DispatchSemaphore(value: 0)
    let goesOn = DispatchSemaphore(value: 0)
    let slow = try open {
      stands.signal()
      goesOn.wait()
    }
    async let late = isAdmitted(slow)
    await Task.detached { wait(for: stands) }.value
    #expect(try await isAdmitted(try open()))
    goesOn.signal()
    #expect(try await !late)
  }

  @Test
  func `all records of a turn are read at once, those of a number's browsers too`() async throws {
    let store = try open()
    let number = Keys.number("436601234567").number
    for index in 0..<16 {
      let attempt = Keys.attempt(by: "browser \(index)", attempt: "\(index)")
      guard case .permitted(let permit) = try await store.reserve(policy.reservation(for: attempt)).result else {
        throw StoreFailure(.unavailable, "not permitted")
      }
      #expect(try await store.consume(policy.oneTimeUse(for: attempt, permit.reservation)).isDone)
    }
    #expect(try await store.browsers(trustedFor: number).count == 16)
    try server.command("CONFIG", "RESETSTAT")
    try await store.forget(number: number)
    #expect(try server.command("INFO", "commandstats").contains("cmdstat_mget:calls=1,"))
    #expect(try await store.browsers(trustedFor: number).isEmpty)
  }

  @Test
  func `while two batches wait there is no room, and then there is again`() async throws {
    let store = try open()
    _ = try await isAdmitted(store)
    server.pause()
    let late = Task {
      await withTaskGroup { group in
        for _ in 0..<600 { group.addTask { _ = try? await isAdmitted(store) } }
      }
    }
    while store.hasRoom { await Task.yield() }
    server.resume()
    await late.value
    #expect(store.hasRoom)
  }

  @Test
  func `who is cut off in its turn has reserved nothing, and the turn is given to others`() async throws {
    let server = server
    let cut = try open { _ = try? server.command("CLIENT", "KILL", "TYPE", "normal") }
    await #expect(throws: StoreFailure.self) { try await isAdmitted(cut) }
    let other = try open()
    #expect(try await isAdmitted(other))
    #expect(try await count(other) == 1)
  }

  @Test
  func `who died in line is passed by`() async throws {
    try server.command("ZADD", "{pingate}:queue", "1", "dead")
    try server.command("HSET", "{pingate}:asked", "dead", "1")
    try server.command("ZADD", "{pingate}:queue", "2", "never asked")
    // Redis' clock was ahead when this one asked.
    try server.command("ZADD", "{pingate}:queue", "3", "ahead")
    try server.command("HSET", "{pingate}:asked", "ahead", "9000000000000")
    #expect(try await isAdmitted(try open()))
    #expect(try server.command("ZCARD", "{pingate}:queue") == "0")
  }

  @Test
  func `what fails in a turn ends it`() async throws {
    let store = try open()
    #expect(try await isAdmitted(store))
    let name = "{pingate}:row:" + Hexadecimal.text(policy.rulesOfSite()[0].key.bytes)
    let row = try server.command("GET", name)
    try server.command("SET", name, "x")
    await #expect(throws: StoreFailure.self) { try await isAdmitted(store) }
    #expect(try server.command("EXISTS", "{pingate}:turn") == "0")
    #expect(!row.isEmpty)
  }

  @Test
  func `who finds another store in its turn ends it, for those whose store it is`() async throws {
    let old = try open()
    #expect(try await isAdmitted(old))
    try server.command("FLUSHALL")
    await #expect(throws: StoreFailure.self) { try await isAdmitted(old) }
    #expect(try server.command("EXISTS", "{pingate}:turn") == "0")
  }

  @Test(arguments: ["128", "127"])
  func `a store that was written at a time that no clock shows is not reckoned with`(firstByte: String) async throws {
    #expect(try await isAdmitted(try open()))
    try server.command(
      "EVAL", "return redis.call('SETRANGE', KEYS[1], 17, string.char(\(firstByte)))", "1", "{pingate}:head")
    let store = try open()
    for _ in 0..<2 {
      await #expect(throws: StoreFailure.self) { try await isAdmitted(store) }
    }
  }

  @Test
  func `a lease that has longer to go than any is nobody's`() async throws {
    // Of a server whose clock was ahead.
    try server.command("SET", "{pingate}:turn", "another", "PX", "600000")
    #expect(try await isAdmitted(try open()))
  }

  @Test
  func `scripts that are forgotten in a turn are brought anew, and nothing is reserved twice`() async throws {
    let server = server
    let store = try open { _ = try? server.command("SCRIPT", "FLUSH") }
    #expect(try await isAdmitted(store))
    #expect(try await count(store) == 1)
  }

  @Test
  func `no time is too far for Redis`() throws {
    #expect(TurnRunner.life(.max, now: 0) == 0)
    #expect(TurnRunner.life(.max - 1, now: 0) == TurnRunner.longestLife)
    #expect(TurnRunner.life(0, now: 1000) == TurnRunner.slack + 1)
    #expect(TurnRunner.life(1500, now: 1000) == TurnRunner.slack + 500)
  }
}

/// Blocks, which a test may on a thread that no task needs.
private func wait(for semaphore: DispatchSemaphore) {
  semaphore.wait()
}

private final class FirstTime: @unchecked Sendable {
  // Sendable because it is touched under the lock only.
  private let lock = Lock()
  private var isOver = false

  var isNow: Bool {
    lock.withLock {
      defer { isOver = true }
      return !isOver
    }
  }
}
