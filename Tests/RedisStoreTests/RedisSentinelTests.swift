import CounterStoreContract
import Foundation
import Limits
import MachineClock
import Testing
import Threads

@testable import RedisStore

/// Real servers, real sentinels, and a primary that dies under load.
struct RedisSentinelTests {
  @Test
  func `a fail-over under load loses no reservation and permits nothing that is not reserved`() async throws {
    let primary = try RedisServer(port: RedisServer.freePort())
    let replicas = try (0..<2).map { _ in
      try RedisServer(
        ["--replicaof", "127.0.0.1", "\(primary.port)", "--repl-diskless-sync-delay", "0"],
        port: RedisServer.freePort())
    }
    for replica in replicas {
      while !(try replica.command("INFO", "replication").contains("master_link_status:up")) { usleep(10_000) }
    }
    let sentinels = try (0..<3).map { _ in
      try RedisServer(
        port: RedisServer.freePort(),
        file: """
          sentinel monitor main 127.0.0.1 \(primary.port) 2
          sentinel down-after-milliseconds main 500
          sentinel failover-timeout main 3000
          """)
    }
    for sentinel in sentinels {
      while true {
        let state = try sentinel.command("SENTINEL", "MASTER", "main").split(separator: "\n").map(String.init)
        func value(_ name: String) -> String? { state.firstIndex(of: name).map { state[$0 + 1] } }
        if value("num-other-sentinels") == "2", value("num-slaves") == "2" { break }
        usleep(10_000)
      }
    }
    let hosts = sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    let clock = MachineClock()
    let store = RedisStore(try RedisAddress("redis+sentinel://\(hosts)/main")) { clock.now() }
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    let reserving = policy

    let gate = Gate()
    let admitted = try await withThrowingTaskGroup(of: (before: Int, after: Int).self) { group in
      for worker in 0..<16 {
        group.addTask {
          var (before, after) = (0, 0)
          while after < 50 {
            let request = reserving.reservation(for: Keys.send(by: "\(worker) \(before) \(after) \(UUID())"))
            let wasDead = gate.isDead
            do throws(StoreFailure) {
              _ = try await store.reserve(request)
              if wasDead { after += 1 } else { before += 1 }
              gate.admitted()
            } catch {
              #expect([.unavailable, .unconfirmed, .readOnly, .busy].contains(error.kind), "\(error)")
            }
          }
          return (before, after)
        }
      }
      group.addTask {
        while gate.count < 500 { await Task.yield() }
        primary.stop()
        gate.die()
        return (0, 0)
      }
      return try await group.reduce((0, 0)) { ($0.0 + $1.before, $0.1 + $1.after) }
    }
    #expect(admitted.0 >= 400)
    #expect(admitted.1 == 16 * 50)
    let counted = try await store.counts(of: policy.rulesOfSite())[0].count
    #expect(counted >= admitted.0 + admitted.1)
  }
}

/// What the workers know of the primary.
private final class Gate: @unchecked Sendable {
  // Sendable because all of it is touched under the lock.
  private let lock = Lock()
  private var permits = 0
  private var dead = false

  var count: Int { lock.withLock { permits } }
  var isDead: Bool { lock.withLock { dead } }
  func admitted() { lock.withLock { permits += 1 } }
  func die() { lock.withLock { dead = true } }
}
