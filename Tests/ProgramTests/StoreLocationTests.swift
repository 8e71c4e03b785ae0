import Foundation
import Limits
import Logging
import Testing

@testable import Program
@testable import SQLiteStore

@Suite struct `Where the counters are` {
  private func place(_ environment: [String: String], file: String? = nil) -> String? {
    var reader = SettingsReader(
      SettingsSource(environment: environment, file: file.map { ConfigurationFile(path: $0, text: "") }))
    return StoreLocation(&reader)?.description
  }

  @Test func `is what the setting says`() {
    #expect(place(["PINGATE_STORE": "sqlite:/srv/a b.sqlite"]) == "sqlite:/srv/a b.sqlite")
    #expect(place(["PINGATE_STORE": "rediss://h:6380/2"]) == "rediss://h:6380/2")
  }

  @Test func `is, as a file, where a reservation is on the disk before it is answered`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover in the temporary folder harms nobody
    let store = try StoreLocation.sqlite(folder + "/x.sqlite").open(log: Lines().logger)
    _ = try await store.reserve(
      ReservationRequest(pair: ReservationRequest.Pair(number: CounterKey([1]), browser: CounterKey([2]))))
    let connection = try #require(store as? SQLiteStore).connection
    // FULL (sqlite.org/pragma.html#pragma_synchronous).
    #expect(try connection.integer("PRAGMA synchronous") == 2)
    await store.close()
  }

  @Test func `is told without a password`() {
    #expect(place(["PINGATE_STORE": "redis://user:hunter2@h"]) == "redis://h:6379/0")
  }

  @Test func `is the service's state folder before all else`() {
    #expect(
      place(["STATE_DIRECTORY": "/var/lib/shop:/var/lib/x"], file: "/home/u/pingate.conf")
        == "sqlite:/var/lib/shop/pingate.sqlite")
    #expect(place(["STATE_DIRECTORY": "relative"], file: "/home/u/pingate.conf") == "sqlite:/home/u/pingate.sqlite")
  }

  @Test(
    arguments: [
      ("/home/u/pingate.conf", "/home/u"), ("/pingate.conf", ""), ("/etc/pingate/pingate.conf", "/var/lib/pingate"),
      (nil, "/var/lib/pingate"), ("pingate.conf", "/var/lib/pingate"),
    ] as [(String?, String)])
  func `is beside the settings, or in the system's place for state`(file: String?, folder: String) {
    #expect(place([:], file: file) == "sqlite:\(folder)/pingate.sqlite")
  }
}
