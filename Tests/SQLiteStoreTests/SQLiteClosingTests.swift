import CounterStoreContract
import Foundation
import Limits
import SQLiteStore
import Support
import Testing

struct SQLiteClosingTests {
  private let fixture: SQLiteFixture

  init() throws {
    fixture = try SQLiteFixture()
  }

  @Test func `closing does what waits, refuses the rest, and leaves no log although the store is still held`()
    async throws
  {
    let store = try fixture.open()
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    let reserved = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<1_000 {
        if index == 500 {
          group.addTask {
            await store.close()
            return false
          }
        }
        group.addTask { [policy] in
          do throws(StoreFailure) {
            _ = try await store.reserve(policy.reservation(for: Keys.send("43660\(1_000_000 + index)", by: "\(index)")))
            return true
          } catch {
            #expect(error.kind == .unavailable)
            return false
          }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == ["limits.sqlite"])
    let again = try fixture.open()
    #expect(try await again.counts(of: policy.rulesOfSite())[0].count == reserved)
    withExtendedLifetime(store) {}
  }

  @Test func `closing ends the connection that copies the log, too`() async throws {
    let store = try SQLiteStore(path: fixture.path, durability: .normal) { [clock = fixture.clock] in clock.now() }
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    // So many that a copy is due.
    for index in 0..<40 {
      await withTaskGroup { group in
        for number in 0..<100 {
          group.addTask { [policy] in
            let name = "\(index) \(number)"
            let send = Keys.send("43660\(1_000_000 + 100 * index + number)", by: name, nonce: name)
            _ = try? await store.reserve(policy.reservation(for: send))
          }
        }
      }
    }
    await store.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == ["limits.sqlite"])
    withExtendedLifetime(store) {}
  }
}
