import Foundation
import Support
import Testing

@testable import Threads

@Suite struct `A file that is watched` {
  private static func watched(_ path: String, limit: Int = 1_000) -> WatchedFile<[String]> {
    WatchedFile(path: path, limit: limit) { lines in
      switch lines {
      case .success(let lines): lines
      case .failure(let failure): ["failure", "\(failure)"]
      }
    }
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Sets the times of a file back, so that it is no longer one that has just been changed.
  private static func settle(_ path: String) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: path)
  }

  @Test func `is read at once, whatever an editor has made of it`() async throws {
    try await ScratchFolder.use { folder in
      let path = folder + "/file"
      try Self.write("\u{FEFF}one\r\ntwo\r\n", to: path)
      #expect(Self.watched(path).value == ["one", "two", ""])
    }
  }

  @Test func `is read again when it was written over, in the same second and with the same length too`() async throws {
    try await ScratchFolder.use { folder in
      let path = folder + "/file"
      try Self.write("one", to: path)
      let file = Self.watched(path)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.write(contentsOf: Data("two".utf8))
      try handle.close()
      #expect(file.look())
      #expect(file.value == ["two"])
    }
  }

  @Test func `is read again when another one takes its name, as old as it and as long`() async throws {
    try await ScratchFolder.use { folder in
      let (path, other) = (folder + "/file", folder + "/other")
      try Self.write("one", to: path)
      try Self.settle(path)
      let file = Self.watched(path)
      try Self.write("two", to: other)
      try Self.settle(other)
      #expect(rename(other, path) == 0)
      #expect(file.look())
      #expect(file.value == ["two"])
    }
  }

  @Test func `that goes away, comes back or grows too long is told of each time`() async throws {
    try await ScratchFolder.use { folder in
      let path = folder + "/file"
      let file = Self.watched(path, limit: 8)
      #expect(file.value.first == "failure")
      #expect(!file.look())
      try Self.write("one", to: path)
      #expect(file.look())
      #expect(file.value == ["one"])
      try Self.write("more than 8", to: path)
      #expect(file.look())
      #expect(file.value == ["failure", "it has more than 8 bytes"])
      try FileManager.default.removeItem(atPath: path)
      #expect(file.look())
      #expect(file.value.first == "failure")
    }
  }

  @Test func `of long ago is not read again`() throws {
    #expect(FileState(path: "/etc/passwd").map { $0.isFresh(at: .max) } == false)
    #expect(FileState(path: "/nowhere") == nil)
    let file = Self.watched("/proc/self/nowhere")
    #expect(!file.look())
  }
}
