import Foundation
import Testing
import Threads

@Suite struct `A small file` {
  private func file(_ bytes: [UInt8], limit: Int = 100) throws -> SmallFile {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }  // a leftover in the temporary folder harms nobody
    try Data(bytes).write(to: URL(filePath: path))
    return try SmallFile(path: path, limit: limit)
  }

  @Test func `is read whole, up to its limit`() throws {
    #expect(try file([UInt8](repeating: 1, count: 100)).bytes.count == 100)
    #expect(throws: SmallFile.Failure.self) { try file([UInt8](repeating: 1, count: 101)) }
    #expect(try file([UInt8](repeating: 1, count: 200_000), limit: 200_000).bytes.count == 200_000)
    #expect(try file([]).bytes.isEmpty)
  }

  @Test(arguments: ["/", "/dev/zero", "/nowhere", "/dev/null/x"]) func `is a file and nothing else`(path: String) {
    #expect(throws: SmallFile.Failure.self) { try SmallFile(path: path, limit: 100) }
  }

  @Test func `has no byte order mark in its text, and its line ends as they are`() throws {
    #expect(try file(Array("\u{FEFF}a\r\nb\n".utf8)).text() == "a\r\nb\n")
  }

  @Test(arguments: [
    ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb", ["a", "b"]), ("a\rb", ["a", "b"]),
    ("a\n\rb", ["a", "", "b"]),
    ("a\r\n\r\nb\r", ["a", "", "b", ""]), ("\r\r\n\n", ["", "", "", ""]), ("ä\u{2028}b\u{B}c", ["ä\u{2028}b\u{B}c"]),
  ])
  func `has lines that end with LF, CR LF or CR`(text: String, lines: [String]) throws {
    #expect(try file(Array(text.utf8)).lines() == lines)
  }

  @Test func `in another encoding is told with its line or by its name`() {
    func failure(_ bytes: [UInt8]) -> SmallFile.Failure? {
      #expect(throws: SmallFile.Failure.self) { try file(bytes).text() }
    }
    #expect(failure([0x61, 0x0A, 0xE4])?.description == "line 2: it is not UTF-8; save it as UTF-8")
    for utf16 in [[0xFF, 0xFE], [0xFE, 0xFF], [0x61, 0, 0x62, 0], [0, 0x61, 0, 0x62]] as [[UInt8]] {
      #expect(failure(utf16)?.reason.contains("UTF-16") == true)
    }
    #expect(failure([0x61, 0x62, 0x0A, 0x63, 0])?.line == 2)
  }
}
