import Curl
import Foundation
import Gateway
import HTTPTypes
import Limits
import Pages
import Synchronization
import Testing

@testable import Program

@Suite(.timeLimit(.minutes(1)))
struct `A site that was replaced` {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  private let log = Lines()

  private func settings(_ store: String, timeout: Int = 10, www: String = "") throws -> Settings {
    try Settings(
      SettingsSource(environment: [
        "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
        "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
        "PINGATE_STORE": "sqlite:\(folder)/\(store)", "PINGATE_API_TIMEOUT": "\(timeout)",
        "PINGATE_WWW": www,
      ]))
  }

  private func first(_ store: String) throws -> SiteVersion {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return SiteVersion(
      try SiteContext.first(settings(store), log: log.logger), log: log.logger)
  }

  private func site(after former: SiteVersion, _ store: String, timeout: Int = 10) async throws -> SiteVersion {
    let context = try #require(former.context)
    return SiteVersion(
      try await context.followed(by: settings(store, timeout: timeout), log: log.logger), log: log.logger)
  }

  private func isOpen(_ site: SiteVersion) async -> Bool {
    (try? await site.context?.process.store.counts(of: [])) != nil
  }

  private func removeFolder() {
    try? FileManager.default.removeItem(atPath: folder)  // a leftover in the temporary folder harms nobody
  }

  @Test func `is ended with its last request, and its store with it unless that was taken over`() async throws {
    defer { removeFolder() }
    var one = try first("one")
    let held = Held()
    one.responder = held
    let current = ActiveSite(one)
    let two = try await site(after: one, "one")
    #expect(one.context?.process.store === two.context?.process.store)
    // Two are asked of the first site; of one the answer is there, and what is to be done afterwards is not done.
    let answer = await current.respond(to: Gateway.Request(parameters: Parameters([]), body: .bytes([])))
    async let late = current.respond(to: Gateway.Request(parameters: Parameters([]), body: .bytes([])))
    for await _ in held.begun.prefix(2) {}
    #expect(current.replace(with: two))
    let three = try await site(after: two, "two")
    #expect(current.replace(with: three))
    await current.waitForFormer(atMost: 1)
    #expect(await [isOpen(one), isOpen(two), isOpen(three)] == [true, true, true])
    await answer.afterwards?()
    #expect(await isOpen(one))
    held.letGo()
    #expect(await late.afterwards != nil)
    await late.afterwards?()
    await current.waitForFormer(atMost: 0)
    #expect(await [isOpen(one), isOpen(two), isOpen(three)] == [false, false, true])
    #expect(FileManager.default.fileExists(atPath: folder + "/two-wal"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/one-wal"))
    let four = try await site(after: three, "two")
    #expect(current.replace(with: four))
    await current.waitForFormer(atMost: 0)
    #expect(await isOpen(four))
    await current.end(within: .zero)
    #expect(await !isOpen(four))
    #expect(!current.replace(with: three))
  }

  @Test func `hands its client on to one that would make it alike, and only to that`() async throws {
    defer { removeFolder() }
    let current = ActiveSite(try first("one"))
    let threads = { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
    let before = try threads()
    for _ in 0..<20 { #expect(current.replace(with: try await site(after: current.current, "one"))) }
    await current.waitForFormer(atMost: 0)
    // None but those of queues that come and go: twenty clients would have had a thread each.
    #expect(try threads() < before + 10)
    let one = current.current
    let two = try await site(after: one, "one", timeout: 9)
    #expect(one.context?.process.client !== two.context?.process.client)
    #expect(current.replace(with: two))
    await current.waitForFormer(atMost: 0)
    await #expect(throws: CurlFailure.self) {
      try await one.context?.process.client.send(Curl.Request(.get, ServiceURL("http://127.0.0.1:1")))
    }
    await current.end(within: .zero)
  }

  @Test func `leaves no store open where its own files went away while it was made`() async throws {
    defer { removeFolder() }
    let one = try first("one")
    let www = folder + "/www"
    try FileManager.default.createDirectory(atPath: www, withIntermediateDirectories: true)
    for name in ["index.html", "style.css"] { try Data("x".utf8).write(to: URL(filePath: "\(www)/\(name)")) }
    let wanted = try settings("two", www: www)
    try FileManager.default.removeItem(atPath: www)
    #expect(throws: StaticFilesFailure.self) { _ = try SiteContext.first(wanted, log: log.logger) }
    await #expect(throws: StaticFilesFailure.self) {
      _ = try await one.context?.followed(by: wanted, log: log.logger)
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/two"))
    #expect(await isOpen(one))
    await one.context?.end(within: .zero)
  }

  @Test func `another store that cannot be used is refused, and the one before goes on`() async throws {
    defer { removeFolder() }
    let one = try first("one")
    await #expect { _ = try await site(after: one, "missing/two") } throws: {
      ($0 as? StoreFailure)?.detail == "the folder \(folder)/missing does not exist; create it"
    }
    #expect(await isOpen(one))
    let current = ActiveSite(one)
    await current.end(within: .zero)
    #expect(await !isOpen(one))
  }

  @Test(arguments: [["one", "one-wal", "one-shm"], ["one-wal"], ["one-shm"], ["one-wal", "one-shm"], ["one"]])
  func `has its store opened anew where files of it were deleted, by one reload and with no visitor in between`(
    deleted: [String]
  ) async throws {
    defer { removeFolder() }
    let one = try first("one")
    let request = ReservationRequest(
      pair: ReservationRequest.Pair(number: CounterKey([2]), browser: CounterKey([3])),
      rules: [Rule(.siteHour, CounterKey([1]), Limit(5, per: .seconds(3600)))])
    _ = try await one.context?.process.store.reserve(request)
    for file in deleted { try FileManager.default.removeItem(atPath: "\(folder)/\(file)") }
    let current = ActiveSite(one)
    let two = try await site(after: one, "one")
    #expect(current.replace(with: two))
    #expect(log.messages.contains("store.reopened"))
    // What was in a log that was deleted is not lost while a process has it.
    let counted = deleted.contains("one") ? 0 : 1
    #expect(try await two.context?.process.store.counts(of: request.rules).map(\.count) == [counted])
    _ = try await two.context?.process.store.reserve(request)
    await current.waitForFormer(atMost: 0)
    // Nor does the end of the one before harm it.
    #expect(try await two.context?.process.store.counts(of: request.rules).map(\.count) == [counted + 1])
    await current.end(within: .zero)
  }

  /// Answers its second request when it is let go, and has something to do after each.
  private final class Held: Responder {
    let begun: AsyncStream<Void>
    private let begin: AsyncStream<Void>.Continuation
    private let gate: AsyncStream<Void>
    private let open: AsyncStream<Void>.Continuation
    private let count = Mutex(0)

    init() {
      (begun, begin) = AsyncStream.makeStream()
      (gate, open) = AsyncStream.makeStream()
    }

    func letGo() { open.finish() }

    func respond(to request: consuming Gateway.Request) async -> Response {
      let number = count.withLock { count in
        count += 1
        return count
      }
      begin.yield()
      if number == 2 { for await _ in gate {} }
      var response = Response(status: .ok, fields: [:], body: [])
      response.afterwards = {}
      return response
    }
  }
}
