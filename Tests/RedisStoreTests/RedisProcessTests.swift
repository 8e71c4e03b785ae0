import CounterStoreContract
import Foundation
import LimitEngine
import Limits
import MachineClock
import Testing
import Threads

@testable import RedisStore

struct RedisProcessTests {
  @Test
  func `three processes with ten thousand sends spend the budget exactly`() throws {
    let server = try RedisServer()
    let workers = try (0..<3).map { _ in try Worker("unix:\(server.socket)", "reserve", 3334) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 200)
  }

  @Test
  func `three processes with ten thousand right PINs for one request have one success`() throws {
    let server = try RedisServer()
    let workers = try (0..<3).map { _ in try Worker("unix:\(server.socket)", "consume", 3334) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 1)
  }

  /// What becomes of a process that has the turn.
  enum Mishap: CaseIterable {
    case killed
    /// For longer than a turn lasts.
    case stopped
    /// Between its two scripts.
    case cutOff
  }

  @Test(arguments: Mishap.allCases)
  func `a process that loses its turn reserves nothing in it, and others go on`(mishap: Mishap) async throws {
    let server = try RedisServer()
    let most = 8
    let worker = try Worker("unix:\(server.socket)", "hammer", most)
    var printed = worker.wait(forBytes: 20)
    try stopInTurn(worker, server)
    switch mishap {
    case .killed: worker.kill()
    case .cutOff: try server.command("CLIENT", "KILL", "TYPE", "normal")
    case .stopped: break
    }
    // It waits for the rest of the turn.
    let clock = MachineClock()
    let store = RedisStore(try RedisAddress("unix:\(server.socket)")) { clock.now() }
    #expect(try await isAdmitted(store))
    if mishap != .killed {
      worker.resume()
      printed += worker.wait(forBytes: 200)
      worker.kill()
    }
    printed += worker.result().utf8.count + 1
    // A line for each that it may send. When it was killed some were reserved of which it had not said so yet.
    let counted = try await store.counts(of: policy.rulesOfSite())[0].count - 1
    #expect((printed / 2...printed / 2 + most).contains(counted))
  }

  @Test
  func `a turn that is lost keeps others waiting for less than a second`() {
    #expect(Turn.lease + Turn.silence < .seconds(1))
  }

  @Test
  func `a program of one thread has its turns among those of others`() async throws {
    let server = try RedisServer()
    let worker = try Worker("unix:\(server.socket)", "hammer", 8)
    _ = worker.wait(forBytes: 20)
    let (address, policy) = (try RedisAddress("unix:\(server.socket)"), policy)
    let admitted = await withCheckedContinuation { caller in
      Thread.detachNewThread {
        let loop = EventLoop()
        caller.resume(
          returning: loop.run {
            let clock = MachineClock()
            let store = RedisStore(address, execution: .loop(loop)) { clock.now() }
            var admitted = 0
            for index in 0..<20 {
              let decision = try? await store.reserve(policy.reservation(for: Keys.send(by: "visitor \(index)")))
              if case .permitted? = decision?.result { admitted += 1 }
            }
            await store.close()
            return admitted
          })
      }
    }
    worker.kill()
    #expect(admitted == 20)
  }

  private var policy: LimitsPolicy {
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    return policy
  }

  private func isAdmitted(_ store: RedisStore) async throws -> Bool {
    guard case .permitted = try await store.reserve(policy.reservation(for: Keys.send(by: "another"))).result else {
      return false
    }
    return true
  }

  /// Stops a process, the only one, between the script that gives it the turn and the one that ends it.
  private func stopInTurn(_ worker: Worker, _ server: RedisServer) throws {
    while true {
      try worker.pause()
      let turn = try server.command("GET", "{pingate}:turn")
      // What it had sent before it stood still has been done by now.
      if !turn.isEmpty, try server.command("GET", "{pingate}:turn") == turn { return }
      worker.resume()
    }
  }
}
