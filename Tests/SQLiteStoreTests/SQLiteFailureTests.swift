import CounterStoreContract
import Foundation
import Limits
import Support
import Testing

@testable import SQLiteStore

struct SQLiteFailureTests {
  private let fixture: SQLiteFixture
  private let request = LimitsPolicy().reservation(for: Keys.send())

  init() throws {
    fixture = try SQLiteFixture()
  }

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? StoreFailure)?.code
    }
  }

  @Test func `a reservation is on the disk before it is answered, and the end of a send need not be`() async throws {
    // As it is when nobody says otherwise.
    let store = try SQLiteStore(path: fixture.path) { fixture.clock.now() }
    // 2 is FULL and 1 is NORMAL (sqlite.org/pragma.html#pragma_synchronous).
    func synchronous() throws -> Int64? {
      try store.connection.integer("PRAGMA synchronous")
    }
    for (index, ends) in [true, false].enumerated() {
      let request = LimitsPolicy().reservation(for: Keys.send("4366012345\(10 + index)", by: "\(index)"))
      guard case .permitted(let permit) = try await store.reserve(request).result else { throw CancellationError() }
      let reservation = permit.reservation
      #expect(try synchronous() == 2)
      #expect(
        try await ends
          ? store.commit(reservation, answer: [1], wasSent: true).isDone : store.release(reservation).isDone)
      #expect(try synchronous() == 1)
    }
  }

  @Test(arguments: ["", "-wal", "-shm"])
  func `a database that was deleted under way is gone until it is opened anew`(_ suffix: String) async throws {
    let store = try fixture.open()
    _ = try await store.reserve(request)
    try FileManager.default.removeItem(atPath: fixture.path + suffix)
    for _ in 0..<2 {
      #expect(await code { _ = try await store.reserve(request) } == "store.replaced")
      #expect(await code { _ = try await store.counts(of: []) } == "store.replaced")
    }
  }

  @Test func `a log that was deleted while others have it open is told with what to do about it`() async throws {
    let store = try fixture.open()
    for index in 0..<50 {
      _ = try await store.reserve(LimitsPolicy(limits: [:]).reservation(for: Keys.send("4366012\(34567 + index)")))
    }
    try FileManager.default.removeItem(atPath: fixture.path + "-wal")
    // The index that the first one has speaks of a log that the second one cannot find.
    let failure = await #expect(throws: StoreFailure.self) {
      let other = try fixture.open()
      _ = try await other.reserve(request)
    }
    #expect(failure?.kind == .corrupt)
    let detail = failure?.detail ?? ""
    for part in ["SQLite 522", "-wal", "SIGHUP", "delete"] { #expect(detail.contains(part)) }
    await store.close()
  }

  @Test
  func `a database behind a symbolic link is used where it is, and is gone when the link leads elsewhere`() async throws
  {
    let files = FileManager.default
    let elsewhere = fixture.folder.path + "/elsewhere"
    try files.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
    _ = try SQLiteStore(path: elsewhere + "/real.sqlite") { fixture.clock.now() }
    try files.createSymbolicLink(atPath: fixture.path, withDestinationPath: elsewhere + "/real.sqlite")
    let store = try fixture.open()
    _ = try await store.reserve(request)
    #expect(files.fileExists(atPath: elsewhere + "/real.sqlite-wal"))
    try files.removeItem(atPath: fixture.path)
    try files.createSymbolicLink(atPath: fixture.path, withDestinationPath: elsewhere + "/other.sqlite")
    try Data().write(to: URL(fileURLWithPath: elsewhere + "/other.sqlite"))
    #expect(await code { _ = try await store.reserve(request) } == "store.replaced")
  }

  @Test
  func `a database behind a symbolic link is not opened in a folder that everybody may write to`() async throws {
    let files = FileManager.default
    let open = fixture.folder.path + "/open"
    try files.createDirectory(atPath: open, withIntermediateDirectories: false)
    try Data().write(to: URL(fileURLWithPath: open + "/real.sqlite"))
    try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open)
    try files.createSymbolicLink(atPath: fixture.path, withDestinationPath: open + "/real.sqlite")
    #expect(await code { _ = try fixture.open() } == "store.not_permitted")
  }

  @Test
  func `a database that was replaced by an empty one is gone, and the new one says that it is new`() async throws {
    let store = try fixture.open()
    _ = try await store.reserve(request)
    for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: fixture.path + suffix) }
    let new = try SQLiteStore(path: fixture.path) { fixture.clock.now() }
    #expect(new.isNew)
    guard case .permitted = try await new.reserve(request).result else { throw StoreFailure(.corrupt, "not admitted") }
    #expect(await code { _ = try await store.reserve(request) } == "store.replaced")
    #expect(try SQLiteStore(path: fixture.path) { fixture.clock.now() }.isNew == false)
  }

  @Test func `of a database that was deleted alone nothing comes into the new one`() async throws {
    let store = try fixture.open()
    _ = try await store.reserve(request)
    try FileManager.default.removeItem(atPath: fixture.path)
    let new = try SQLiteStore(path: fixture.path) { fixture.clock.now() }
    #expect(new.isNew)
    let rules = LimitsPolicy().rulesOfSite()
    #expect(try await new.counts(of: rules).allSatisfy { $0.count == 0 })
    _ = try await new.reserve(request)
    await store.close()
    #expect(try await new.counts(of: rules).contains { $0.count == 1 })
  }

  @Test
  func `a database that another process makes at the same time keeps the files that it has beside it`() async throws {
    let other = Made()
    let file = try StoreFile(path: fixture.path) { () throws(StoreFailure) in
      other.store = try SQLiteStore(path: fixture.path) { fixture.clock.now() }
    }
    let store = try #require(other.store)
    #expect(store.isNew && !file.isNew)
    #expect(await code { _ = try await store.reserve(request) } == nil)
    #expect(!FileManager.default.fileExists(atPath: fixture.path + ".making"))
  }

  private final class Made {
    var store: SQLiteStore?
  }

  @Test
  func `a database that is overwritten under way fails as corrupt, and opening it does too`() async throws {
    let store = try fixture.open()
    for index in 0..<200 {
      _ = try await store.reserve(
        LimitsPolicy(limits: [:]).reservation(for: Keys.send("4366012\(34567 + index)", nonce: "\(index)")))
    }
    let database = try fixture.connection()
    try database.checkpoint(.truncate)
    database.close()
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.path))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 100)
    try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 100))
    try file.close()
    // What SQLite still has in its memory it need not read.
    let failure = await code {
      for index in 0..<500 {
        _ = try await store.reserve(LimitsPolicy().reservation(for: Keys.send("49170\(1_000_000 + index)")))
      }
    }
    #expect(failure == "store.corrupt")
    #expect(await code { _ = try await store.reserve(request) } == "store.corrupt")
    #expect(await code { _ = try fixture.open() } == "store.corrupt")
  }

  private func damage(_ key: CounterKey, _ value: [UInt8] = [1]) async throws {
    let database = try fixture.connection()
    try database.statement("UPDATE record SET value = ?1 WHERE key = ?2").run(.blob(value), .blob(key.bytes))
    #expect(try database.integer("SELECT changes()") == 1)
  }

  @Test
  func `a clock of another form is corrupt`() async throws {
    let store = try fixture.open()
    _ = try await store.reserve(request)
    try await damage(CounterKey([1]))
    #expect(await code { _ = try await store.reserve(request) } == "store.corrupt")
  }

  @Test
  func `a row of another form fails what needs it, and nothing that is asked for at the same time`() async throws {
    let store = try fixture.open()
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1000, per: .seconds(86_400))])
    policy.sharesBudget = false
    _ = try await store.reserve(request)
    try await damage(request.pair.number)
    let codes = await withTaskGroup(of: String?.self) { group in
      for index in 0..<200 {
        let number = index.isMultiple(of: 10) ? "436601234567" : "43660\(2_000_000 + index)"
        group.addTask { [policy] in
          await code { _ = try await store.reserve(policy.reservation(for: Keys.send(number, by: "\(index)"))) }
        }
      }
      return await group.reduce(into: [String?: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(codes == ["store.damaged": 20, nil: 180])
    #expect(try await store.counts(of: policy.rulesOfSite())[0].count == 181)
  }

  @Test(arguments: [[1], [4, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 2]] as [[UInt8]])
  func `a number's row of another form is removed by forgetting or clearing it`(_ damaged: [UInt8]) async throws {
    let store = try fixture.open()
    var policy = LimitsPolicy(limits: [.numberDay: Limit(10, per: .seconds(86_400))])
    policy.sharesBudget = false
    let request = policy.reservation(for: Keys.send())
    let number = request.pair.number
    for remove in ["forget", "clear"] {
      _ = try await store.reserve(request)
      try await damage(number, damaged)
      #expect(await code { _ = try await store.reserve(request) } == "store.damaged")
      if remove == "forget" {
        try await store.forget(number: number)
      } else {
        try await store.clear(policy.rules(ofNumber: number), rations: [])
      }
      guard case .permitted = try await store.reserve(request).result else {
        throw StoreFailure(.corrupt, "not admitted")
      }
      try await store.forget(number: number)
    }
  }

  @Test(arguments: [128 + 1, 128 + 3, 128 + 5] as [UInt8])
  func `what else is kept of a number is forgotten even if it cannot be read`(_ tag: UInt8) async throws {
    let store = try fixture.open()
    _ = try await store.reserve(request)
    try await damage(request.pair.number, [tag] + [127, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 1])
    #expect(await code { _ = try await store.reserve(request) } == "store.damaged")
    try await store.forget(number: request.pair.number)
    guard case .permitted = try await store.reserve(request).result else {
      throw StoreFailure(.corrupt, "not admitted")
    }
  }

  @Test
  func `a full database refuses, keeps what it has, and goes on when there is room`() async throws {
    let small = try SQLiteStore(path: fixture.path, maxPages: 20) { fixture.clock.now() }
    var policy = LimitsPolicy(limits: [.siteDay: Limit(1_000_000, per: .seconds(86_400))])
    policy.sharesBudget = false
    var admitted = 0
    let failure = await code {
      for index in 0..<2000 {
        let send = Keys.send("43660\(1_000_000 + index)", by: "\(index)", nonce: "\(index)")
        guard case .permitted = try await small.reserve(policy.reservation(for: send)).result else { return }
        admitted += 1
      }
    }
    #expect(failure == "store.full")
    #expect(try await small.counts(of: policy.rulesOfSite())[0].count == admitted)
    // An hour later, what expired makes room.
    fixture.clock.advance(.seconds(7200))
    try await small.clear([], rations: [])
    guard case .permitted = try await small.reserve(policy.reservation(for: Keys.send())).result else {
      throw StoreFailure(.corrupt, "not admitted")
    }
  }

  @Test
  func `a database that another process keeps locked is busy, and nothing is reserved`() async throws {
    let store = try fixture.open()
    let other = try fixture.connection()
    try other.begin()
    #expect(await code { _ = try await store.reserve(request) } == "store.busy")
    other.rollBack()
    let rules = LimitsPolicy().rulesOfSite()
    #expect(try await store.counts(of: rules).allSatisfy { $0.count == 0 })
    guard case .permitted = try await store.reserve(request).result else {
      throw StoreFailure(.corrupt, "not admitted")
    }
  }

  @Test
  func `another program's database and another form are refused and left as they are`() async throws {
    let other = try fixture.connection()
    try other.execute("CREATE TABLE guests (name TEXT)")
    #expect(await code { _ = try fixture.open() } == "store.incompatible")
    #expect(try other.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'record'") == 0)
    other.close()
    try FileManager.default.removeItem(atPath: fixture.path)
    _ = try fixture.open()
    let changed = try fixture.connection()
    for version in [4, 6] {
      try changed.execute("PRAGMA user_version = \(version)")
      #expect(await code { _ = try fixture.open() } == "store.incompatible")
    }
  }

  @Test
  func `a file that is no database is refused`() async throws {
    try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: fixture.path))
    #expect(await code { _ = try fixture.open() } == "store.corrupt")
  }

  @Test
  func `only the owner can read the files`() async throws {
    _ = try await fixture.open().reserve(request)
    let store = try fixture.open()
    _ = try await store.reserve(request)
    for suffix in ["", "-wal", "-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test
  func `a folder that is missing, or that everybody can write to, is named`() async throws {
    let clock = fixture.clock
    let missing = await code { _ = try SQLiteStore(path: fixture.folder.path + "/no/limits") { clock.now() } }
    #expect(missing == "store.unavailable")
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: fixture.folder.path)
    #expect(await code { _ = try fixture.open() } == "store.not_permitted")
    try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: fixture.folder.path)
    _ = try fixture.open()
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: fixture.path)
    #expect(await code { _ = try fixture.open() } == "store.not_permitted")
    #expect(await code { _ = try SQLiteStore(path: fixture.folder.path) { clock.now() } } == "store.unsuitable")
  }

  @Test
  func `what has expired is pruned as others are counted, so that the file does not grow`() async throws {
    let store = try fixture.open()
    let database = try fixture.connection()
    var sizes: [Int] = []
    for day in 0..<6 {
      for index in 0..<150 {
        let name = "\(day) \(index)"
        _ = try await store.reserve(
          LimitsPolicy().reservation(
            for: Keys.send("43\(660_000_000 + day * 10_000_000 + index)", by: name, nonce: name)))
        fixture.clock.advance(.seconds(576))
      }
      sizes.append(Int(try database.integer("SELECT count(*) FROM record") ?? 0))
    }
    // Three days more would add thousands; what may be left is what was added since the last sweep.
    #expect(sizes[5] <= sizes[2] + Sweep.interval, "\(sizes)")
  }

  @Test
  func `no number, address or browser can be read in the file`() async throws {
    // The keys are hashes; this says that the store adds nothing to them.
    let store = try fixture.open()
    _ = try await store.reserve(LimitsPolicy().reservation(for: Keys.send("436601234567", by: "anna")))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path + "-wal"))
    for text in ["436601234567", "anna"] { #expect(bytes.range(of: Data(text.utf8)) == nil) }
  }
}
