import Foundation
import Testing
import Verification

@testable import pingate

@Suite(.timeLimit(.minutes(1)))
struct `A site that was replaced` {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  private func site(_ store: String, replacing former: Assembly? = nil) throws -> ServedSite {
    let settings = try Settings(
      SettingsSource(environment: [
        "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
        "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
        "PINGATE_STORE": "sqlite:\(folder)/\(store)",
      ]))
    let log = Lines().logger
    return ServedSite(try Assembly(settings, scriptName: nil, replacing: former, log: log), log: log)
  }

  private func isOpen(_ site: ServedSite) async -> Bool {
    (try? await site.assembly?.store.counts(of: [], guards: [])) != nil
  }

  @Test func `is ended after a while, with its store unless that was taken over`() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover in the temporary folder harms nobody
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let first = try site("one")
    let current = CurrentSite(first, pause: { _ in for await _ in gate {} })
    let second = try site("one", replacing: first.assembly)
    let third = try site("two", replacing: second.assembly)
    let ends = [current.replace(with: second), current.replace(with: third)]
    #expect(await [isOpen(first), isOpen(second), isOpen(third)] == [true, true, true])
    open.finish()
    for end in ends { await end?.value }
    #expect(await [isOpen(first), isOpen(second), isOpen(third)] == [false, false, true])
    #expect(FileManager.default.fileExists(atPath: folder + "/two-wal"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/one-wal"))
    let fourth = try site("two", replacing: third.assembly)
    await current.replace(with: fourth)?.value
    #expect(await isOpen(fourth))
    await current.end(within: .zero)
    #expect(await !isOpen(fourth))
  }
}
