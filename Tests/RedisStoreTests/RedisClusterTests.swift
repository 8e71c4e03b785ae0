import CounterStoreContract
import Foundation
import HostNames
import LimitEngine
import Limits
import MachineClock
import Support
import Testing

@testable import RedisStore

/// A real cluster of three.
struct RedisClusterTests {
  private let nodes: [RedisServer]
  private let policy: LimitsPolicy

  init() throws {
    nodes = try (0..<3).map { _ in
      try RedisServer(["--cluster-enabled", "yes"], port: RedisServer.freePort(below: 55_000))
    }
    let hosts = nodes.map { "127.0.0.1:\($0.port)" }
    try ChildProcess.run(
      "/usr/bin/redis-cli", ["--cluster", "create"] + hosts + ["--cluster-replicas", "0", "--cluster-yes"])
    for node in nodes {
      while !(try node.command("CLUSTER", "INFO").contains("cluster_state:ok")) { usleep(10_000) }
    }
    var policy = LimitsPolicy(limits: [.siteDay: Limit(4, per: .seconds(86_400))])
    policy.sharesBudget = false
    self.policy = policy
  }

  private func open(at node: RedisServer) throws -> RedisStore {
    let clock = MachineClock()
    return RedisStore(try RedisAddress("redis://127.0.0.1:\(node.port)")) { clock.now() }
  }

  private func isAdmitted(_ store: RedisStore) async throws(StoreFailure) -> Bool {
    let request = policy.reservation(for: Keys.send(by: UUID().uuidString))
    guard case .permitted = try await store.reserve(request).result else { return false }
    return true
  }

  @Test
  func `whatever node of a cluster is named, there is one budget, and it goes on when its keys are moved`()
    async throws
  {
    let stores = try nodes.map(open)
    for store in stores { #expect(try await isAdmitted(store)) }
    try moveKeys()
    for store in stores {
      // It learns of it by a failure.
      var result: Bool?
      while result == nil {
        do throws(StoreFailure) {
          result = try await isAdmitted(store)
        } catch {
          #expect(error.kind == .unavailable)
        }
      }
    }
    let counted = try await stores[0].counts(of: policy.rulesOfSite())[0].count
    #expect(counted == 4)
  }

  /// Moves the slot with all keys from the node that has it to another one.
  private func moveKeys() throws {
    let slot = try nodes[0].command("CLUSTER", "KEYSLOT", "{pingate}:turn")
    let from = try #require(try nodes.first { try $0.command("CLUSTER", "COUNTKEYSINSLOT", slot) != "0" })
    let to = try #require(nodes.first { $0.port != from.port })
    let (source, target) = (try from.command("CLUSTER", "MYID"), try to.command("CLUSTER", "MYID"))
    try to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source)
    try from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target)
    for key in try from.command("CLUSTER", "GETKEYSINSLOT", slot, "100").split(separator: "\n") {
      try from.command("MIGRATE", "127.0.0.1", "\(to.port)", String(key), "0", "5000")
    }
    for node in [to] + nodes.filter({ $0.port != to.port }) {
      try node.command("CLUSTER", "SETSLOT", slot, "NODE", target)
    }
  }

  @Test(arguments: [
    ("MOVED 3999 127.0.0.1:6381", "127.0.0.1"), ("MOVED 1 ::1:7000", "::1"), ("MOVED 1 a.example:1", "a.example"),
    ("MOVED 3999 :6381", nil), ("MOVED 3999 127.0.0.1", nil), ("MOVED 3999 127.0.0.1:66000", nil),
    ("MOVED 127.0.0.1:6381", nil), ("ASK 3999 127.0.0.1:6381", nil), ("", nil),
  ])
  func `a node says who has the keys`(error: String, host: String?) {
    #expect(RedisConnector.owner(error)?.name == host)
  }
}
