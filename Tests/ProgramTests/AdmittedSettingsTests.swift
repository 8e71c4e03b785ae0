import Foundation
import Logging
import Support
import Testing
import Threads
import Verification

@testable import Program

@Suite struct `The numbers that pass` {
  private func read(_ environment: [String: String]) -> (AdmittedSettings, [SettingsProblem]) {
    var reader = SettingsReader(SettingsSource(environment: environment))
    return (AdmittedSettings(&reader), reader.problems)
  }

  private func file(_ text: String, in folder: String, named name: String = "users") throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `are all of them, a list, or those of a file`() async throws {
    #expect(read([:]).0 == .everyNumber)
    #expect(read(["PINGATE_GATE_NUMBERS": "any"]).0 == .everyNumber)
    let (list, problems) = read(["PINGATE_GATE_NUMBERS": "+12025550143, +44-2079460018"])
    #expect(problems.isEmpty)
    #expect(list == .listed(NumberList(["12025550143", "442079460018"].compactMap { PhoneNumber(e164: $0) })))
    try await ScratchFolder.use { folder in
      let path = try file("+12025550143\n", in: folder)
      #expect(read(["PINGATE_GATE_NUMBERS": "file:" + path]).0 == .file(path))
      #expect(read(["PINGATE_USERS": path]).0 == .users(path))
      #expect(read(["PINGATE_USERS": path, "PINGATE_GATE_NUMBERS": "any"]).1.isEmpty)
    }
  }

  @Test(arguments: ["all", "12025550143", "+12025550143 x", "file:users", "file:", "file:/nowhere/numbers", ","])
  func `are complained of by their setting when they are something else`(text: String) {
    #expect(read(["PINGATE_GATE_NUMBERS": text]).1.map(\.name) == ["PINGATE_GATE_NUMBERS"])
  }

  @Test func `are the users' own or a list, and not both`() async throws {
    try await ScratchFolder.use { folder in
      let path = try file("alice:+12025550143\n", in: folder)
      let (settings, problems) = read(["PINGATE_USERS": path, "PINGATE_GATE_NUMBERS": "+12025550143"])
      #expect(problems.map(\.name) == ["PINGATE_GATE_NUMBERS"])
      #expect(settings == .users(path))
      // A number is never repeated.
      #expect(!problems.contains { $0.advice.contains("0143") && !$0.advice.contains("+12025550143 separated") })
    }
  }

  @Test(arguments: ["users", "/nowhere/users", "/etc", "/dev/null/x"])
  func `of users are in a file that can be read`(path: String) {
    #expect(read(["PINGATE_USERS": path]).1.map(\.name) == ["PINGATE_USERS"])
  }

  private func names(_ file: AdmittedFile) -> [String] {
    if case .users(let users) = file.admitted { return users().all.map(\.user.text) }
    return []
  }

  @Test func `are read again when their file changes, and what is broken is told once`() async throws {
    try await ScratchFolder.use { folder in
      let path = try file("alice:+12025550143\nbob\n", in: folder)
      let log = NotedLog()
      let logger = Logger(label: "test") { _ in log }
      let file = try #require(AdmittedFile(.users(path), log: logger))
      #expect(names(file) == ["alice"])
      #expect(log.all == ["warning gate.line_unusable 2"])
      file.look()
      #expect(log.all.count == 1)
      _ = try self.file("bob:+12025550144\n", in: folder)
      file.look()
      #expect(names(file) == ["bob"])
      #expect(log.all.count == 1)
      try FileManager.default.removeItem(atPath: path)
      file.look()
      #expect(names(file) == [])
      file.look()
      #expect(log.all == ["warning gate.line_unusable 2", "critical gate.file_unusable -"])
    }
  }

  @Test func `are looked up alone by a process that answers one question, which tells of no line`() async throws {
    try await ScratchFolder.use { folder in
      let path = try file("alice:+12025550143\nbob\ncarol:+12025550144\n", in: folder)
      let alice = try #require(UserName("alice"))
      guard case .users(let read) = try AdmittedFile.once(.users(path), for: alice) else {
        return #expect(Bool(false), "users")
      }
      #expect(read().number(of: alice)?.digits == "12025550143" && read().all.count == 1)
      guard case .listed(let list) = try AdmittedFile.once(.file(path), for: nil) else {
        return #expect(Bool(false), "a list")
      }
      #expect(list().numbers.isEmpty)
      #expect(throws: SmallFile.Failure.self) { try AdmittedFile.once(.users(path + "x"), for: alice) }
    }
  }

  @Test func `are not in a folder that the web server hands out`() async throws {
    try await ScratchFolder.use { folder in
      let path = try file("alice:+12025550143\n", in: folder)
      let source = SettingsSource(environment: ["PINGATE_USERS": path])
      #expect(Settings.problemsOfLocations(source, servedFolder: folder).map(\.name) == ["PINGATE_USERS"])
      #expect(Settings.problemsOfLocations(source, servedFolder: folder + "/web").isEmpty)
    }
  }
}

/// A log's lines: their level, code and line number.
private final class NotedLog: LogHandler, Sendable {
  private let noted = Noted<String>()
  var all: [String] { noted.all }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  subscript(metadataKey _: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    noted.note("\(event.level) \(event.message) \(event.metadata?["line"].map { "\($0)" } ?? "-")")
  }
}
