import Foundation

/// A folder of a test's own, gone with it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)  // what is left behind in /tmp harms nobody
  }
}
