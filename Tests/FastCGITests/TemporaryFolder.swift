import Foundation

/// A folder with a short name, for the time of a test.
enum TemporaryFolder {
  static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = "/tmp/fcgi-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }  // What is left harms nobody.
    return try await body(folder)
  }
}
