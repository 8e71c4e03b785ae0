internal import Foundation

/// A folder of a test's own, for nobody else to look into, gone with it.
public final class ScratchFolder: Sendable {
  /// Short enough for a socket in it.
  public let path: String

  public init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)  // what is left behind harms nobody
  }

  /// Runs a test's body with one.
  public static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path)
  }
}
