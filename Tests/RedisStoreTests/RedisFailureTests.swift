import CounterStoreContract
import Encoding
import Foundation
import LimitEngine
import Limits
import Testing
import Threads

@testable import RedisStore

@Suite(.serialized)
struct RedisFailureTests {
  private let server: RedisServer
  private let clock = ManualClock()
  private let policy: LimitsPolicy
  private var request: ReservationRequest { policy.reservation(for: Keys.send(by: UUID().uuidString)) }

  init() throws {
    server = try RedisServer()
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    self.policy = policy
  }

  private func open(_ settings: String = "") throws -> RedisStore {
    let clock = clock
    // Redis' own wall clock does not go with one that stands still until it is told to go on.
    return RedisStore(try RedisAddress("unix:\(server.socket)" + settings), usesServerTime: false) { clock.now() }
  }

  private func code(_ store: RedisStore) async -> String? {
    do {
      _ = try await store.reserve(request)
      return nil
    } catch {
      return error.code
    }
  }

  private func count(_ store: RedisStore) async throws -> Int {
    try await store.counts(of: policy.rulesOfSite())[0].count
  }

  @Test
  func `a Redis that was never there is unavailable`() async throws {
    server.stop()
    let store = try open()
    for _ in 0..<3 { #expect(await code(store) == "store.unavailable") }
  }

  @Test
  func `a Redis that comes back with its data is used again, by itself`() async throws {
    try server.command("CONFIG", "SET", "appendonly", "yes")
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("CLIENT", "KILL", "TYPE", "normal")
    #expect(await code(store) == nil)
    #expect(try await count(store) == 2)
  }

  @Test
  func `a Redis that comes back empty is another store: nothing is admitted until it is opened anew`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    server.stop()
    #expect(await code(store) == "store.unavailable")
    try server.start()
    var last = await code(store)
    while last == "store.unavailable" { last = await code(store) }
    #expect(last == "store.replaced")
    #expect(await code(store) == "store.replaced")
    #expect(await code(try open()) == nil)
  }

  @Test
  func `a Redis that comes back with an old snapshot is another store, until it is opened anew`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("SAVE")
    for _ in 0..<3 {
      clock.advance(.seconds(3))
      #expect(await code(store) == nil)
    }
    let last = try await restarted(store)
    #expect(last == "store.replaced")
    #expect(await code(store) == "store.replaced")
    #expect(await code(try open()) == nil)
  }

  @Test(arguments: [1, 5])
  func `an old snapshot stays another store when a process that did not know it has written to it`(
    before: Int
  ) async throws {
    let store = try open()
    for _ in 0..<before {
      #expect(await code(store) == nil)
      clock.advance(.seconds(3))
    }
    try server.command("SAVE")
    for _ in 0..<5 {
      clock.advance(.seconds(3))
      #expect(await code(store) == nil)
    }
    server.stop()
    try server.start()
    let other = try open()
    for _ in 0..<2 {
      clock.advance(.seconds(3))
      #expect(await code(other) == nil)
      #expect(await code(store) == "store.replaced")
    }
    #expect(await code(try open()) == nil)
  }

  @Test
  func `what a process left in Redis to know it by is written seldom, and is missed for a day`() async throws {
    let store = try open()
    for _ in 0..<5 {
      #expect(await code(store) == nil)
      clock.advance(.seconds(3))
    }
    let mark = try server.command("KEYS", "{pingate}:mark:*")
    #expect(mark.split(separator: "\n").count == 1)
    let time = try #require(Int(server.command("GET", mark)))
    clock.advance(.milliseconds(-1001))
    #expect(await code(store) == nil)
    #expect(try server.command("GET", mark) == "\(time)")
    clock.advance(.milliseconds(1))
    #expect(await code(store) == nil)
    #expect(try server.command("GET", mark) == "\(time + 2000)")
    #expect(try Int(server.command("PTTL", mark))! > 86_400_000)
    // Gone by itself, as far as the process can know.
    clock.advance(.seconds(2 * 86_400))
    try server.command("DEL", mark)
    #expect(await code(store) == nil)
    for _ in 0..<2 {
      clock.advance(.seconds(3))
      #expect(await code(store) == nil)
    }
    try server.command("DEL", mark)
    #expect(await code(store) == "store.replaced")
  }

  @Test
  func `a Redis that lost no more than its last two seconds is used again, however quiet it was before`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    clock.advance(.seconds(600))
    #expect(await code(store) == nil)
    try server.command("SAVE")
    clock.advance(.seconds(600))
    for _ in 0..<3 {
      #expect(await code(store) == nil)
      clock.advance(.milliseconds(600))
    }
    #expect(try await restarted(store) == nil)
  }

  @Test(arguments: [("no", [RedisWarning.noAppendOnlyFile]), ("yes", [])])
  func `a Redis without an append-only file is warned of, once`(
    appendOnly: String, expected: [RedisWarning]
  ) async throws {
    try server.command("CONFIG", "SET", "appendonly", appendOnly)
    let warnings = Warnings()
    let clock = clock
    let store = RedisStore(
      try RedisAddress("unix:\(server.socket)"), warn: { warnings.add($0) }, clock: { clock.now() })
    for _ in 0..<2 {
      #expect(await code(store) == nil)
      try server.command("CLIENT", "KILL", "TYPE", "normal")
    }
    #expect(warnings.all == expected)
  }

  /// Kills the server, starts it, and reserves until it answers.
  private func restarted(_ store: RedisStore) async throws -> String? {
    server.stop()
    try server.start()
    var last = await code(store)
    while last == "store.unavailable" { last = await code(store) }
    return last
  }

  @Test
  func `a Redis that is flushed or switched under way is another store`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("FLUSHALL")
    #expect(await code(try open()) == nil)
    #expect(await code(store) == "store.replaced")
  }

  @Test
  func `a Redis that hangs is unavailable, and what it did of it late does no harm`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    server.pause()
    #expect(await code(store) == "store.unavailable")
    server.resume()
    var last = await code(store)
    while last == "store.unavailable" { last = await code(store) }
    #expect(last == nil)
    // The one that timed out was reserved or was not: never is there a permit for what was not.
    #expect(try await [2, 3].contains(count(store)))
  }

  @Test
  func `a replica admits nothing, and a primary that becomes one neither`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("REPLICAOF", "127.0.0.1", "1")
    #expect(await code(store) == "store.read_only")
    #expect(await code(store) == "store.read_only")
    try server.command("REPLICAOF", "NO", "ONE")
    var last = await code(store)
    while last == "store.read_only" { last = await code(store) }
    #expect(last == nil)
    #expect(try await count(store) == 2)
  }

  @Test
  func `a full Redis refuses and reserves nothing`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("CONFIG", "SET", "maxmemory", "1")
    #expect(await code(store) == "store.full")
    // An owner may look, and make room.
    #expect(try await count(store) == 1)
    try await store.clear(policy.rulesOfSite(), rations: [])
    #expect(try await count(store) == 0)
    #expect(await code(store) == "store.full")
    try server.command("CONFIG", "SET", "maxmemory", "0")
    #expect(await code(store) == nil)
    #expect(try await count(store) == 1)
  }

  @Test
  func `a Redis that throws keys away when it is full is not used`() async throws {
    try server.command("CONFIG", "SET", "maxmemory", "100mb")
    try server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    #expect(await code(try open()) == "store.unsuitable")
    try server.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
    #expect(await code(try open()) == nil)
  }

  @Test
  func `a Redis that is told under way to throw keys away is not used, and not again by this process once it has`()
    async throws
  {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("CONFIG", "SET", "maxmemory", "100mb")
    try server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    #expect(await code(store) == "store.unsuitable")
    #expect(await code(store) == "store.unsuitable")
    try server.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
    var last = await code(store)
    while last == "store.unsuitable" { last = await code(store) }
    #expect(last == nil)
    // Counters go, and the clock, which never expires, stays: nothing else tells.
    try server.command("CONFIG", "SET", "maxmemory-policy", "volatile-random")
    try server.command("CONFIG", "SET", "maxmemory", "1")
    _ = try server.command("SET", "another", "key")
    try server.command("CONFIG", "SET", "maxmemory", "0")
    try server.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
    for _ in 0..<2 { #expect(await code(store) == "store.replaced") }
    // The owner's word.
    let new = try open()
    #expect(await code(new) == nil)
    let counted = try await count(new)
    for _ in 0..<10 { #expect(await code(store) == "store.replaced") }
    #expect(try await count(new) == counted)
    #expect(await code(store) == "store.replaced")
    #expect(await code(new) == nil)
  }

  @Test
  func `a script that Redis forgot is brought anew, and nothing is reserved twice`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("SCRIPT", "FLUSH")
    #expect(await code(store) == nil)
    #expect(try await count(store) == 2)
  }

  @Test
  func `user, password and database are used, and a wrong password is told`() async throws {
    try server.command("ACL", "SETUSER", "gate", "on", ">s3cret/", "~*", "+@all")
    let clock = clock
    let right = RedisStore(try RedisAddress("redis+unix://gate:s3cret%2F@\(server.socket)?db=3")) { clock.now() }
    #expect(await code(right) == nil)
    #expect(try server.command("-n", "3", "DBSIZE") != "0")
    #expect(try server.command("-n", "0", "DBSIZE") == "0")
    let wrong = RedisStore(try RedisAddress("redis+unix://gate:other@\(server.socket)")) { clock.now() }
    #expect(await code(wrong) == "store.not_permitted")
    try server.command("CONFIG", "SET", "requirepass", "word")
    #expect(await code(try open()) == "store.not_permitted")
  }

  @Test
  func `what Redis says of a command that it does not know is told without its arguments`() async throws {
    let strange = try RedisServer(["--rename-command", "AUTH", ""])
    let clock = clock
    let store = RedisStore(try RedisAddress("redis+unix://:s3cret@\(strange.socket)")) { clock.now() }
    do {
      _ = try await store.reserve(request)
      Issue.record("admitted")
    } catch {
      #expect(!error.detail.contains("s3cret"))
      #expect(error.detail == "Redis refused AUTH or SELECT: ERR")
    }
    #expect(!RedisReply.failure("ERR unknown command 'EVAL', with args beginning with: 'a' ").detail.contains("'a'"))
  }

  @Test
  func `a record of another form fails what needs it, until it is cleared`() async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("SET", name(of: policy.rulesOfSite()[0].key), "x")
    #expect(await code(store) == "store.damaged")
    try await store.clear(policy.rulesOfSite(), rations: [])
    #expect(await code(store) == nil)
  }

  @Test(arguments: ["", "x", "\u{3}0123456789abcdef01234567", "\u{5}0123456789abcdef01234567"])
  func `a store of another form is refused and left as it is`(head: String) async throws {
    let store = try open()
    #expect(await code(store) == nil)
    try server.command("SET", "{pingate}:head", head)
    let before = try contents("pingate")
    #expect(await code(store) == "store.incompatible")
    #expect(await code(try open()) == "store.incompatible")
    #expect(try contents("pingate") == before)
  }

  @Test
  func `a store in which each counter has a key is refused`() async throws {
    try server.command("SET", "{pingate}:clock:", "x")
    #expect(await code(try open()) == "store.incompatible")
  }

  /// What is done with a number of which there is a send under way and a try that was right.
  enum Step: String, CaseIterable {
    case reserve, commit, release, consume
  }

  @Test(arguments: Step.allCases)
  func `what meets a record that cannot be read leaves everything as it was`(step: Step) async throws {
    let policy = LimitsPolicy()
    let send = policy.reservation(for: Keys.send(by: "anna", nonce: "form"))
    let attempt = policy.reservation(for: Keys.attempt(by: "anna"))
    let next = policy.reservation(for: Keys.send(by: "bert"))
    var position = 0
    var count = 1
    var failures: [String] = []
    while position < count {
      let prefix = "position\(position)"
      let store = try open("?prefix=\(prefix)")
      guard case .permitted(let sent) = try await store.reserve(send).result,
        case .permitted(let tried) = try await store.reserve(attempt).result
      else { throw StoreFailure(.corrupt, "not admitted") }
      // Nobody has to wait, and what is to be ended is still under way.
      clock.advance(.seconds(step == .reserve ? 3600 : 1))
      let names = try server.command("KEYS", "{\(prefix)}:row:*").split(separator: "\n").map(String.init).sorted()
      count = names.count
      try server.command("SET", names[position], "x")
      let before = try contents(prefix)
      let isClock = names[position].hasSuffix(":row:01")
      let counts = isClock ? [] : try? await store.show(next.rules, rations: next.rations)
      do throws(StoreFailure) {
        switch step {
        case .reserve: _ = try await store.reserve(next)
        case .commit: _ = try await store.commit(sent.reservation, answer: [1], wasSent: true)
        case .release: _ = try await store.release(sent.reservation)
        case .consume: _ = try await store.consume(policy.oneTimeUse(for: Keys.attempt(by: "anna"), tried.reservation))
        }
      } catch {
        failures.append(names[position])
        #expect(error.code == (isClock ? "store.corrupt" : "store.damaged"))
        #expect(try contents(prefix) == before, "\(names[position])")
        if let counts, !counts.isEmpty {
          #expect(try await store.show(next.rules, rations: next.rations) == counts, "\(names[position])")
        }
      }
      position += 1
    }
    #expect(failures.contains { $0.hasSuffix(Hexadecimal.text(next.pair.number.bytes)) })
  }

  private func name(of key: CounterKey) -> String { "{pingate}:row:" + Hexadecimal.text(key.bytes) }

  /// All that Redis holds under a prefix, but for whose turn it is: who fails hears of it before the turn is given up.
  private func contents(_ prefix: String) throws -> String {
    let script = """
      local names, all = redis.call('KEYS', ARGV[1]), {}
      table.sort(names)
      for _, name in ipairs(names) do
        if name:sub(-5) ~= ':turn' and redis.call('TYPE', name).ok == 'string' then
          all[#all + 1] = name .. ' ' .. redis.sha1hex(redis.call('GET', name))
        end
      end
      return table.concat(all, '\\n')
      """
    return try server.command("EVAL", script, "0", "{\(prefix)}:*")
  }

  @Test
  func `a number is forgotten even if its browsers cannot be read`() async throws {
    let store = try open()
    let request = policy.reservation(for: Keys.send())
    _ = try await store.reserve(request)
    try server.command("SET", name(of: request.pair.number), "x")
    await #expect(throws: StoreFailure.self) { try await store.reserve(request) }
    try await store.forget(number: request.pair.number)
    _ = try await store.reserve(request)
  }

  @Test
  func `without the replicas that must confirm nothing is admitted`() async throws {
    #expect(await code(try open("?confirm=1")) == "store.unconfirmed")
  }

  @Test
  func `keys hold hashes and expire`() async throws {
    let store = try open()
    let request = LimitsPolicy().reservation(for: Keys.send("436601234567", by: "anna", nonce: "form"))
    _ = try await store.reserve(request)
    let names = try server.command("KEYS", "*").split(separator: "\n").map(String.init)
    #expect(names.count <= Set(request.keys).count + 2)
    for name in names where !["{pingate}:head", "{pingate}:row:01"].contains(name) {
      #expect(try Int(server.command("PTTL", name))! > 3_600_000)
      #expect(!name.contains("436601234567"))
    }
  }
}

/// What a store warned of. Sendable because it is only touched under the lock.
private final class Warnings: @unchecked Sendable {
  private let lock = Lock()
  private var warnings: [RedisWarning] = []

  var all: [RedisWarning] { lock.withLock { warnings } }
  func add(_ warning: RedisWarning) { lock.withLock { warnings.append(warning) } }
}
