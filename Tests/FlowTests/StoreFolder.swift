import Foundation
import LimitEngine
import Limits
import SQLiteStore

/// A folder for one SQLite file, gone with the test that made it.
final class StoreFolder: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = folder.path
  }

  func open(_ clock: @escaping @Sendable () -> MachineTime) throws -> any CounterStore {
    try SQLiteStore(path: path + "/limits.sqlite", durability: .normal, clock: clock)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)  // what is left behind in /tmp harms nobody
  }
}
