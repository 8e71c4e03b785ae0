import CounterStoreContract
import Foundation
import Limits
import MachineClock
import Support
import Testing
import Threads

@testable import SQLiteStore

@Suite(.serialized)
struct SQLiteProcessTests {
  private let folder: ScratchFolder
  private var path: String { folder.path + "/limits.sqlite" }

  init() throws {
    folder = try ScratchFolder()
  }

  @Test
  func `four processes with ten thousand sends spend the budget exactly`() throws {
    let workers = try (0..<4).map { _ in try Worker(path, "reserve", 2500) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 200)
  }

  @Test
  func `four processes with ten thousand right PINs for one request have one success`() throws {
    let workers = try (0..<4).map { _ in try Worker(path, "consume", 2500) }
    #expect(workers.map { Int($0.result()) ?? -1 }.reduce(0, +) == 1)
  }

  @Test
  func `a database that many open for the first time at once is theirs, all of them`() throws {
    let failures = FailureCodes()
    for round in 0..<200 {
      let path = "\(folder.path)/\(round).sqlite"
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do {
          let clock = MachineClock()
          _ = try SQLiteStore(path: path) { clock.now() }
        } catch {
          failures.add((error as? StoreFailure)?.code ?? "\(error)")
        }
      }
    }
    #expect(failures.all == [])
  }

  @Test
  func `a killed process leaves the database whole, and never more sends than reservations`() async throws {
    var sends = 0
    for round in 0..<20 {
      let workers = try (0..<2).map { _ in try Worker(path, "hammer", 8) }
      // Two bytes a send.
      sends += workers[0].wait(forBytes: 2 + round * 20) / 2
      for worker in workers { worker.kill() }
      sends += workers.reduce(0) { $0 + $1.result().filter { $0 == "." }.count }
    }
    let clock = MachineClock()
    let store = try SQLiteStore(path: path) { clock.now() }
    let policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    let reserved = try await store.counts(of: policy.rulesOfSite())[0].count
    #expect(sends > 200)
    #expect(reserved >= sends)
    let database = unsafe try Connection(path: path) { _, _ in 0 }
    // One row, "ok", is all that it says of a good one.
    #expect(try database.integer("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1)
  }

  @Test
  func `a file system that takes no more is a failure, not a permit`() throws {
    #expect(["store.full", "store.io"].contains(try Worker(path, "grow", 300_000).result()))
  }

  @Test
  func `a database that its user cannot write is refused with the reason`() throws {
    _ = try Worker(path, "reserve", 1).result()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    // Root can write everything: the worker gives that up. Whoever is not root is refused by the mode.
    if getuid() != 0 {
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    }
    #expect(try Worker(path, "as-nobody", 1).result() == "store.not_permitted")
  }
}

/// What many threads met.
private final class FailureCodes: @unchecked Sendable {
  // Sendable because the codes are reached under the lock only.
  private let lock = Lock()
  private var codes: [String] = []

  var all: [String] { lock.withLock { codes } }

  func add(_ code: String) {
    lock.withLock { codes.append(code) }
  }
}
